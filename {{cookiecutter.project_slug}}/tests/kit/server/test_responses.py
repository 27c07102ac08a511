"""The server process itself: its responses to malformed requests, and to bodies that never end."""

import json
from collections.abc import AsyncGenerator, AsyncIterator

import anyio
import httpx2
import pytest
from anyio.abc import Process

from tests.support.processes import STOP_SECONDS, serving
from tortoise_kit.development.testing import resident_mebibytes

PROBLEM = "application/problem+json"
PAGE = "https://www.example.com"
MEMBERS = {"type", "title", "status", "detail", "request_id"}
MEGABYTE = 2**20
BODY_MEGABYTES = 100
GROWTH_MEGABYTES_MAX = 20
REGISTER = "/api/v1/auth/register"
UPGRADE = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
KEY = b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[tuple[Process, httpx2.AsyncClient]]:
    """A server process whose database has no tables: none of these requests gets so far."""
    url = f"sqlite://{tmp_path_factory.mktemp('server') / 'app.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CORS_ORIGINS", PAGE)
        async with serving(url, ready=httpx2.codes.SERVICE_UNAVAILABLE) as running:
            yield running


async def exchanged(client: httpx2.AsyncClient, sent: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of what comes back for these bytes."""
    with anyio.fail_after(STOP_SECONDS):
        async with await anyio.connect_tcp(client.base_url.host, client.base_url.port or 80) as stream:
            await stream.send(sent)
            received = b"".join([piece async for piece in stream])
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(first.split()[1]), headers, body


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"c4nary\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"GET / HTTP/1.1\r\nc4nary\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: \x00\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: c4nary\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx", 400),
        (b"GET /c4nary HTTP/1.1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nHost: x\r\n" + b"Transfer-Encoding: %b\r\n" * 2 % (b"gzip", b"chunked") + b"\r\n", 501),
        (b"GET /c4nary HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404),
        (b"GET /?" + b"c4nary" * 2000 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 414),
        (b"GET /" + b"c4nary" * 20_000, 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"c4nary" * 20_000, 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: c4nary\r\n" * 10_000, 431),
        (b"GET /c4nary HTTP/1.1\r\nHost: x\r\n" + UPGRADE + KEY + b"\r\n\r\n", 403),
        (b"GET /c4nary HTTP/1.1\r\nHost: x\r\n" + UPGRADE + b"\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + UPGRADE + b"Sec-WebSocket-Key: c4nary\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + UPGRADE + KEY + b"\r\nSec-WebSocket-Protocol: c4nary(\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + UPGRADE + KEY + b"\r\nSec-WebSocket-Extensions: ;c4nary\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + UPGRADE + KEY + b"\r\nA: " + b"c4nary" * 2000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + UPGRADE + KEY + b"\r\nA: c4nary" * 200 + b"\r\n\r\n", 431),
        (b"GET /" + b"c4nary" * 2000 + b" HTTP/1.1\r\nHost: x\r\n" + UPGRADE + KEY + b"\r\n\r\n", 431),
    ],
)
async def test_bytes_that_are_not_a_request_get_a_problem_with_an_id(
    server: tuple[Process, httpx2.AsyncClient], sent: bytes, status: int
) -> None:
    got, headers, body = await exchanged(server[1], sent)

    assert (got, headers["content-type"]) == (status, PROBLEM)
    assert json.loads(body).keys() >= MEMBERS
    assert json.loads(body)["request_id"] == headers["x-request-id"]
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")
    assert "server" not in headers
    assert b"c4nary" not in body


@pytest.mark.parametrize(
    ("sent", "status"),
    [(b"A: " + b"a" * 70_000, 431), (b"A: \x00\r\n\r\n", 400), (b"Connection: close\r\n\r\n", 404)],
)
async def test_a_page_of_an_allowed_origin_may_read_every_rejection(
    server: tuple[Process, httpx2.AsyncClient], sent: bytes, status: int
) -> None:
    origin = f"Origin: {PAGE}\r\n".encode()
    got, headers, _ = await exchanged(server[1], b"GET /nowhere HTTP/1.1\r\nHost: x\r\n" + origin + sent)

    assert (got, headers["access-control-allow-origin"]) == (status, PAGE)
    assert "X-Request-ID" in headers["access-control-expose-headers"]


async def test_the_limit_of_a_head_counts_each_head_and_no_body(
    server: tuple[Process, httpx2.AsyncClient],
) -> None:
    _, client = server
    for _ in range(3):  # on one connection
        answer = await client.post("/nowhere", content=b"x" * 500_000, headers={"A": "a" * 40_000})

        assert answer.status_code == 404


async def _megabytes(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * MEGABYTE


@pytest.mark.parametrize("length", [None, BODY_MEGABYTES * MEGABYTE], ids=["chunked", "with-its-length"])
async def test_a_body_of_100_megabytes_is_rejected_and_not_kept_in_memory(
    server: tuple[Process, httpx2.AsyncClient], length: int | None
) -> None:
    process, client = server
    headers = {"Content-Type": "application/json"} | ({} if length is None else {"Content-Length": str(length)})
    await client.post(REGISTER, content=b"x" * 1000, headers={"Content-Type": "application/json"})
    before = resident_mebibytes(process)

    answer = await client.post(REGISTER, content=_megabytes(BODY_MEGABYTES), headers=headers)

    assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)
    assert answer.json()["type"] == "urn:problem:body-too-large"
    assert resident_mebibytes(process) - before < GROWTH_MEGABYTES_MAX
