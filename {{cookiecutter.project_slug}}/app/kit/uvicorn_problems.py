"""What uvicorn answers by itself, before there is a request to give to an application, as problem+json.

Pass the class as `uvicorn.run(…, http=ProblemProtocol)`.
"""

import json
from http import HTTPStatus
from uuid import uuid4

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.kit.http import REQUEST_ID_HEADER
from app.kit.problems import MEDIA_TYPE


class ProblemProtocol(HttpToolsProtocol):
    """HTTP/1.1 as uvicorn speaks it; bytes that are no HTTP get a problem instead of a line of text."""

    def send_400_response(self, msg: str) -> None:
        """Answer bytes that cannot be parsed, and close the connection."""
        request_id = uuid4().hex
        status = HTTPStatus.BAD_REQUEST
        problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": msg}
        body = json.dumps({**problem, "request_id": request_id}).encode()
        headers = {
            "content-type": MEDIA_TYPE,
            "content-length": str(len(body)),
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            REQUEST_ID_HEADER.lower(): request_id,
            "connection": "close",
        }
        lines = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers.items())
        self.transport.write(STATUS_LINE[status] + lines + b"\r\n" + body)
        self.transport.close()
