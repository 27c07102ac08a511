from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from tortoise_kit.development.testing import Exchange
from tortoise_kit.http.headers import SecurityHeadersMiddleware


async def headers_of(app: ASGIApp, *, scheme: str = "http") -> dict[bytes, bytes]:
    exchange = Exchange(path="/")
    exchange.scope["scheme"] = scheme
    await exchange.run(SecurityHeadersMiddleware(app))
    return exchange.headers


async def test_each_response_has_the_security_headers_of_an_api() -> None:
    headers = await headers_of(PlainTextResponse("x"))

    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"referrer-policy"] == b"no-referrer"
    assert headers[b"cache-control"] == b"no-store"
    assert headers[b"content-security-policy"] == b"default-src 'none'; frame-ancestors 'none'"
    assert b"strict-transport-security" not in headers


async def test_hsts_is_sent_only_over_https() -> None:
    headers = await headers_of(PlainTextResponse("x"), scheme="https")

    assert headers[b"strict-transport-security"] == b"max-age=31536000"


async def test_headers_that_a_response_has_already_stay() -> None:
    own = {"Cache-Control": "max-age=60", "Content-Security-Policy": "default-src 'self'"}
    headers = await headers_of(PlainTextResponse("x", headers=own))

    assert headers[b"cache-control"] == b"max-age=60"
    assert headers[b"content-security-policy"] == b"default-src 'self'"
