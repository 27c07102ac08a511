"""Between the middlewares and the routes: HEAD is served as GET, the prefix that a proxy strips is restored."""

import re
from collections.abc import Awaitable
from http import HTTPStatus

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tortoise_kit.http.asgi import PEER, HTTPMiddleware
from tortoise_kit.http.problems import problem_response
from tortoise_kit.upstream.uvicorn_proxies import TrustedProxies

PREFIX = re.compile(r"(/(?!\.)[A-Za-z0-9._~-]+)+")
PREFIX_LENGTH_MAX = 200
LOCATION_LENGTH_MAX = 2048  # of a redirect, which repeats the query: nginx takes a head of 4 kB, others of 8 kB


class RoutingMiddleware:
    """All of this module. Put it inside every other middleware: what routes see is not what is logged and counted.

    Args:
        app: The application inside.
        prefix: The path that a proxy strips; see `PathPrefixMiddleware`.
        trusted: Proxies that may say another one; see there.
    """

    def __init__(self, app: ASGIApp, *, prefix: str = "", trusted: str = "127.0.0.1") -> None:
        inner = RedirectLengthMiddleware(app)
        self.app = HeadMiddleware(PathPrefixMiddleware(inner, prefix=prefix, trusted=trusted))

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one connection."""
        return self.app(scope, receive, send)


class HeadMiddleware(HTTPMiddleware):
    """Serve HEAD as GET, and send only the head of its response.

    Args:
        app: The application inside.
    """

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        ended = False

        async def send_head(message: Message) -> None:
            nonlocal ended
            if message["type"] != "http.response.body":
                scope["method"] = "HEAD"  # the server looks here whether to send a body
                await send(message)
            elif not ended:
                ended = True
                await send({"type": "http.response.body", "body": b""})
                if message.get("more_body", False):
                    raise HeadSent  # a stream may have no end

        scope["method"] = "GET"
        try:
            await self.app(scope, receive, send_head)
        except Exception:
            if not ended:
                raise
        finally:
            scope["method"] = "HEAD"


class HeadSent(Exception):
    """The head of a stream was sent, and nobody reads on."""


class PathPrefixMiddleware(HTTPMiddleware):
    """Restore the prefix that a proxy strips from paths, so that links, redirects and documentation have it.

    It becomes the `root_path` of ASGI, which routing leaves out: routes, cursors, metrics and logs do not see it. The
    header `X-Forwarded-Prefix` of a trusted proxy comes before `prefix`. A server other than the kit's that replaced
    the proxy's address by that of the client, as uvicorn does for X-Forwarded-For, has checked it: no port is left.

    Args:
        app: The application inside.
        prefix: Such as `/eu`; empty by default.
        trusted: Addresses and networks of proxies, separated by commas; `*` is all.
    """

    scopes = ("http", "websocket")

    def __init__(self, app: ASGIApp, *, prefix: str = "", trusted: str = "127.0.0.1") -> None:
        super().__init__(app)
        self.prefix = prefix
        self.trusted = TrustedProxies(trusted)

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        prefix = self._forwarded(scope) or self.prefix
        if not prefix or scope.get("root_path"):
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        scope["root_path"], scope["path"] = prefix, prefix + path
        try:
            await self.app(scope, receive, send)
        finally:
            scope["root_path"], scope["path"] = "", path

    def _forwarded(self, scope: Scope) -> str:
        sent = [value for name, value in scope["headers"] if name == b"x-forwarded-prefix"]
        if len(sent) != 1 or not self._trusts(scope):
            return ""
        prefix = sent[0].decode("latin-1").rstrip("/")
        return prefix if len(prefix) <= PREFIX_LENGTH_MAX and PREFIX.fullmatch(prefix) else ""

    def _trusts(self, scope: Scope) -> bool:
        host, port = scope.get("client") or ("", None)
        return scope.get(PEER, host) in self.trusted or (PEER not in scope and port == 0)


class RedirectLengthMiddleware(HTTPMiddleware):
    """Reject a request whose redirect would be too long for a proxy: it repeats the query, three times as long at most.

    Args:
        app: The application inside.
    """

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        rejected = False

        async def send_or_reject(message: Message) -> None:
            nonlocal rejected
            if message["type"] == "http.response.start" and _redirects_far(message):
                rejected = True
                detail = "There is nothing at this path; without a slash at its end, or with one, there is."
                await problem_response(Request(scope), HTTPStatus.NOT_FOUND, detail)(scope, receive, send)
            elif not rejected:
                await send(message)

        is_long = len(scope["query_string"]) + len(scope["path"]) > LOCATION_LENGTH_MAX // 3
        await self.app(scope, receive, send_or_reject if is_long else send)


def _redirects_far(start: Message) -> bool:
    return len(Headers(raw=start.get("headers", [])).get("location", "")) > LOCATION_LENGTH_MAX
