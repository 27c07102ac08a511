"""Responses of the server itself, before there is a request to pass to an application, as problem+json."""

import json
from http import HTTPStatus

from tortoise_kit.http.headers import ALWAYS, REQUEST_ID_HEADER
from tortoise_kit.problems.errors import MEDIA_TYPE


def problem(status: HTTPStatus, detail: str, *, kind: str, request_id: str) -> tuple[dict[str, str], bytes]:
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
    }
    return headers, body
