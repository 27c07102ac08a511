"""Under which names a service is asked, and by whose pages."""

from collections.abc import Collection
from http import HTTPStatus

from fastapi import Request
from starlette.datastructures import Headers
from starlette.middleware import cors
from starlette.types import ASGIApp, Receive, Scope, Send

from tortoise_kit.http.problem_responses import problem_response


class TrustedHostMiddleware:
    """Serve requests for these hosts alone: links in answers are made of the header `Host`, which anybody may forge.

    Args:
        app: The application inside.
        hosts: Names without ports, in lower case; `*.example.com` is every name below that one.
        exempt: Paths that are always served: a platform asks for its health by address.
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], exempt: Collection[str]) -> None:
        self.app = app
        self.names = frozenset(host for host in hosts if not host.startswith("*"))
        self.endings = tuple(host.removeprefix("*") for host in hosts if host.startswith("*."))
        self.exempt = frozenset(exempt)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"] in self.exempt or self._is_allowed(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        detail = "The header Host names no host of this service."
        refusal = problem_response(Request(scope), HTTPStatus.BAD_REQUEST, detail, kind="unknown-host")
        await refusal(scope, receive, send)

    def _is_allowed(self, headers: Headers) -> bool:
        host = headers.get("host", "").lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        return name in self.names or name.endswith(self.endings)


class CORSMiddleware(cors.CORSMiddleware):
    """Let pages of some origins use the service; a preflight of another one is a problem, too."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        asks = "origin" in headers and "access-control-request-method" in headers
        if asks and scope["method"] == "OPTIONS" and not self.is_allowed_origin(headers["origin"]):
            detail = "Pages of this origin may not use the service."
            refusal = problem_response(Request(scope), HTTPStatus.BAD_REQUEST, detail, headers={"Vary": "Origin"})
            await refusal(scope, receive, send)
            return
        await super().__call__(scope, receive, send)
