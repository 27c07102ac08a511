"""Responses of the server itself, before there is a request to pass to an application, as problem+json."""

import json
from collections.abc import Collection, Iterable, Mapping
from http import HTTPStatus

from tortoise_kit.http.headers import ALWAYS, ANY_RESPONSE, REQUEST_ID_HEADER
from tortoise_kit.problems.errors import MEDIA_TYPE


def problem(
    status: HTTPStatus, detail: str, *, kind: str, request_id: str, cors: Mapping[str, str]
) -> tuple[dict[str, str], bytes]:
    """The headers and the body of a response after which the connection ends."""
    members = {"type": f"urn:problem:{kind}", "title": status.phrase, "status": status, "detail": detail}
    body = json.dumps({**members, "request_id": request_id}).encode()
    headers = {name.decode(): value.decode() for name, value in ALWAYS}
    headers |= {
        "content-type": MEDIA_TYPE,
        "content-length": str(len(body)),
        REQUEST_ID_HEADER.lower(): request_id,
        **({"retry-after": "1"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}),
        "connection": "close",
        **cors,
    }
    return headers, body


def cors_headers(request: Iterable[tuple[bytes, bytes]], allow_origins: Collection[str]) -> dict[str, str]:
    """What lets a page of an allowed origin read the problem, by the headers of its request that have arrived."""
    if not allow_origins:
        return {}
    origin = next((value.decode("latin-1") for name, value in request if name == b"origin"), "")
    if origin not in allow_origins:
        return {"vary": "Origin"}
    exposed = ", ".join(sorted(ANY_RESPONSE))
    return {"access-control-allow-origin": origin, "access-control-expose-headers": exposed, "vary": "Origin"}
