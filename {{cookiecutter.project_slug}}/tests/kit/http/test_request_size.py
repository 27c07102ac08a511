import json
from contextlib import suppress

import pytest
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tortoise_kit.development.testing import Exchange
from tortoise_kit.http.json_depth import json_depth
from tortoise_kit.http.problems import install_problems
from tortoise_kit.http.request_size import DRAIN_BYTES, RequestSizeMiddleware

MEMBERS = {"type", "title", "status", "detail", "request_id"}
KILOBYTE = b"x" * 1024


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the size of the body, once it is read."""
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


def limited(app: ASGIApp = echo, *, depth: int = 3) -> RequestSizeMiddleware:
    return RequestSizeMiddleware(app, body_bytes=4096, query_bytes=10, depth=depth)


def posted(*pieces: bytes, kind: str = "application/json", length: int | None = None) -> Exchange:
    exchange = Exchange(*pieces, method="POST")
    size = ("transfer-encoding", "chunked") if length is None else ("content-length", str(length))
    exchange.scope["headers"] = [(name.encode(), value.encode()) for name, value in (("content-type", kind), size)]
    return exchange


async def test_a_body_declared_too_large_is_rejected_before_the_handler_is_called() -> None:
    called = []

    async def handler(scope: Scope, receive: Receive, send: Send) -> None:
        called.append(scope)

    exchange = posted(*[KILOBYTE] * 5, length=5120)
    await exchange.run(limited(handler))

    assert (exchange.status, exchange.problem["type"]) == (413, "urn:problem:body-too-large")
    assert exchange.problem.keys() == MEMBERS
    assert exchange.headers[b"connection"] == b"close"
    assert not called


async def test_a_body_is_counted_whatever_it_declares() -> None:
    for length in (None, 10):
        exchange = posted(*[KILOBYTE] * 5, kind="text/plain", length=length)
        await exchange.run(limited())

        assert (exchange.status, exchange.problem["type"]) == (413, "urn:problem:body-too-large")


async def test_a_body_at_the_limit_passes() -> None:
    for length in (None, 4096):
        exchange = posted(*[KILOBYTE] * 4, kind="text/plain", length=length)
        await exchange.run(limited())

        assert (exchange.status, exchange.body) == (200, b"4096")


async def test_the_client_gets_the_rejection_whatever_the_handler_does_with_the_error() -> None:
    async def swallows(scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(Exception):  # as careless handlers do
            await Request(scope, receive).body()
        await PlainTextResponse("fine")(scope, receive, send)

    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await Request(scope, receive).body()
        finally:
            raise ZeroDivisionError

    for handler in (swallows, fails):
        exchange = posted(*[KILOBYTE] * 5)
        await exchange.run(limited(handler))

        assert exchange.status == 413


async def test_fastapi_does_not_turn_a_413_into_a_400() -> None:
    app = FastAPI()
    install_problems(app)

    @app.post("/")
    async def read(new: dict[str, int]) -> None: ...

    exchange = posted(*[KILOBYTE] * 5)
    await exchange.run(limited(app))

    assert exchange.status == 413


async def test_a_response_that_has_begun_is_interrupted() -> None:
    async def begins(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await echo(scope, receive, send)

    exchange = posted(*[KILOBYTE] * 5)
    with pytest.raises(Exception, match="413"):
        await exchange.run(limited(begins))

    assert [message["type"] for message in exchange.sent] == ["http.response.start"]


async def test_the_handlers_own_error_passes() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await posted(b"{}").run(limited(broken))


async def test_the_response_is_sent_first_and_then_a_bounded_part_of_the_rest_is_discarded() -> None:
    piece = b"x" * 2**18
    exchange = posted(*[piece] * 1000, kind="text/plain")
    await exchange.run(limited())

    bodies = [message for message in exchange.sent if message["type"] == "http.response.body"]
    assert (bodies[0]["more_body"], bool(bodies[0]["body"])) == (True, True)
    assert exchange.reads == 1 + DRAIN_BYTES // len(piece)


async def test_a_query_string_above_the_limit_is_rejected() -> None:
    for query, status in ((b"x" * 10, 200), (b"x" * 11, 414)):
        exchange = Exchange()
        exchange.scope["query_string"] = query
        await exchange.run(limited())

        assert exchange.status == status


async def test_deep_json_is_rejected_in_chunks_of_any_size() -> None:
    for pieces, status in (
        ([b"[[[]]]"], 200),
        ([b"[[[[]]]]"], 422),
        ([b"[[", b"[[", b"]]]]"], 422),
        ([b'["', b"[[[[[[", b'"]'], 200),
        ([b'["\\', b'"[[[[[[', b'"]'], 200),
        ([b'{"a":{"b":{"c":{}}}}'], 422),
        ([b"[],[],[],[],[]"], 200),
    ):
        exchange = posted(*pieces)
        await exchange.run(limited())

        assert exchange.status == status, pieces


async def test_depth_does_not_matter_outside_json() -> None:
    exchange = posted(b"[[[[[[", kind="text/plain")
    await exchange.run(limited())

    assert exchange.status == 200


async def test_a_header_that_must_come_once_is_rejected_if_it_comes_twice() -> None:
    for name in (b"authorization", b"content-type", b"host", b"idempotency-key"):
        exchange = Exchange()
        exchange.scope["headers"] = [(name, b"a"), (b"accept", b"x"), (b"accept", b"y"), (name, b"b")]
        await exchange.run(limited())

        assert (exchange.status, exchange.problem["type"]) == (400, "urn:problem:repeated-header")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *((host, 200) for host in ("", "x", "X.example:8000", "127.0.0.1", "[::1]", "[2001:db8::1]:443", "a_b")),
        *(
            (host, 400)
            for host in ("a/b", "a@b", "a b", "a?b", "a#b", "[::1", "::1", "a:b", "a:123456", 'a>;rel="x"', "é")
        ),
    ],
)
async def test_a_host_that_is_none_is_rejected(host: str, status: int) -> None:
    exchange = Exchange()
    exchange.scope["headers"] = [(b"host", host.encode("latin-1"))]
    await exchange.run(limited())

    assert exchange.status == status
    assert status == 200 or exchange.problem["type"] == "urn:problem:invalid-host"


async def test_a_compressed_body_is_rejected_and_a_plain_one_asked_for() -> None:
    for coding, status in ((b"gzip", 415), (b"br, gzip", 415), (b"x", 415), (b"Identity", 200)):
        exchange = posted(b"{}")
        exchange.scope["headers"].append((b"content-encoding", coding))
        await exchange.run(limited())

        assert exchange.status == status
        assert exchange.headers.get(b"accept-encoding") == (b"identity" if status == 415 else None)


async def test_json_in_another_encoding_than_utf_8_is_rejected() -> None:
    text = json.dumps({"a": "é"}, ensure_ascii=False)
    encoded = [text.encode(encoding) for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1")]
    for body in (*encoded, b'"\xed\xa0\x80"', b'"a\0"'):
        exchange = posted(body)
        await exchange.run(limited())

        assert (exchange.status, exchange.problem["type"]) == (400, "urn:problem:not-utf-8")


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        (b"", 0),
        (b"7", 0),
        (b'"["', 0),
        (b"[]", 1),
        (b'{"a": [1, {"b": []}]}', 4),
        (b'["\\"[", [1]]', 2),
        (b'["\\\\", [[1]]]', 3),
        (b'"[[[[', 0),
        (b'"\\', 0),
        (b"[" * 100_000, 100_000),
        (b"]]]][", 0),
    ],
)
def test_depth_counts_open_brackets_outside_strings(text: bytes, depth: int) -> None:
    assert json_depth(text) == depth
