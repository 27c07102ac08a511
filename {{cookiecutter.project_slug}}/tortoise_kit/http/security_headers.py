"""Headers that tell a browser to do nothing with an answer but hand it to the script that asked for it."""

from collections.abc import Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tortoise_kit.http.request_id import STARTS

# OWASP REST Security Cheat Sheet: an API's answers are no pages, in no frame, of no other type, kept by nobody.
CONTENT_SECURITY_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)
HSTS_SECONDS = 31_536_000  # a year, as hstspreload.org asks for; a browser heeds it over https alone
_HSTS = (b"strict-transport-security", f"max-age={HSTS_SECONDS}".encode())


class SecurityHeadersMiddleware:
    """Add the headers to each answer; what an answer says by itself, such as its own `Cache-Control`, stays.

    Args:
        app: The application inside.
        pages: Paths that are pages for people, with scripts and styles: they get no Content-Security-Policy.
    """

    def __init__(self, app: ASGIApp, *, pages: Collection[str] = ()) -> None:
        self.app = app
        self.pages = frozenset(pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        wanted = ALWAYS if scope["path"] in self.pages else (*ALWAYS, CONTENT_SECURITY_POLICY)
        if scope["scheme"] in {"https", "wss"}:
            wanted = (*wanted, _HSTS)

        async def send_with_headers(message: Message) -> None:
            if message["type"] in STARTS:
                given = list(message.get("headers", ()))
                names = {name.lower() for name, _ in given}
                message["headers"] = [*given, *(header for header in wanted if header[0] not in names)]
            await send(message)

        await self.app(scope, receive, send_with_headers)
