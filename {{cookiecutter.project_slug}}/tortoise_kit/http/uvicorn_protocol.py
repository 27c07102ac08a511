"""Responses that uvicorn sends itself, before there is a request to pass to an application, as problem+json.

Pass the class by name: `uvicorn.run(…, http="tortoise_kit.http.uvicorn_protocol:ProblemProtocol")`.
"""

import json
from http import HTTPStatus
from uuid import uuid4

from tortoise_kit.http.headers import REQUEST_ID_HEADER
from tortoise_kit.logs.configuration import log_line
from tortoise_kit.problems.errors import MEDIA_TYPE
from tortoise_kit.upstream.uvicorn import BoundedHeadProtocol


class ProblemProtocol(BoundedHeadProtocol):
    """HTTP/1.1 as uvicorn speaks it; bytes that are not HTTP, and a head above 64 KiB, are rejected with a problem."""

    def reject(self, status: HTTPStatus, detail: str) -> None:
        """Respond with a problem, and close the connection."""
        request_id = uuid4().hex
        problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
        body = json.dumps({**problem, "request_id": request_id}).encode()
        headers = {
            "content-type": MEDIA_TYPE,
            "content-length": str(len(body)),
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            REQUEST_ID_HEADER.lower(): request_id,
            "connection": "close",
        }
        log_line("request.rejected", status=int(status), request_id=request_id)
        self.respond_and_close(status, headers, body)
