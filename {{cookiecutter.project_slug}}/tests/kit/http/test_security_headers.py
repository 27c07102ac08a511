from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from tests.support.exchanges import Exchange
from tortoise_kit.http.headers import SecurityHeadersMiddleware


async def headers_of(app: ASGIApp, *, path: str = "/", scheme: str = "http") -> dict[bytes, bytes]:
    exchange = Exchange(path=path)
    exchange.scope["scheme"] = scheme
    await exchange.run(SecurityHeadersMiddleware(app, pages=["/docs"]))
    return exchange.headers


async def test_each_answer_tells_a_browser_to_make_nothing_of_it() -> None:
    headers = await headers_of(PlainTextResponse("x"))

    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"referrer-policy"] == b"no-referrer"
    assert headers[b"cache-control"] == b"no-store"
    assert headers[b"content-security-policy"] == b"default-src 'none'; frame-ancestors 'none'"
    assert b"strict-transport-security" not in headers


async def test_a_page_for_people_may_run_its_scripts() -> None:
    assert b"content-security-policy" not in await headers_of(PlainTextResponse("x"), path="/docs")


async def test_https_is_kept_to_where_it_is_used() -> None:
    headers = await headers_of(PlainTextResponse("x"), scheme="https")

    assert headers[b"strict-transport-security"] == b"max-age=31536000"


async def test_what_an_answer_says_by_itself_stays() -> None:
    headers = await headers_of(PlainTextResponse("x", headers={"Cache-Control": "max-age=60"}))

    assert headers[b"cache-control"] == b"max-age=60"
