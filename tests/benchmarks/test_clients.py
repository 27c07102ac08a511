import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from benchmarks.compare import client, wrk
from benchmarks.compare.subjects import CREATE, DELETE, LIST, LOGIN, deleting, named

type Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

BODY = b'{"items":[]}'


async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Every second answer of a connection is a 503, the first too."""
    for status in ("503 Service Unavailable", "200 OK") * 1000:
        try:
            await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            break
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(BODY)}\r\n\r\n".encode() + BODY)
    writer.close()


def test_only_right_answers_count_as_served() -> None:
    measured = asyncio.run(loaded(answering, seconds=0.1))

    assert measured.errors - len(measured.latencies) in range(3)
    assert measured.errors


async def loaded(handler: Handler, *, seconds: float) -> client.Measured:
    """What two connections see of a server that answers in this way."""
    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        return await client.load(port, client.requests_of(named(LIST), "token"), connections=2, seconds=seconds)


def test_a_connection_that_is_cut_is_an_error() -> None:
    async def cutting(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    measured = asyncio.run(loaded(cutting, seconds=5))

    assert measured.summary() == (0.0, 0.0, 0.0, 2)


def test_a_request_carries_the_token_and_its_body_where_the_subject_has_them() -> None:
    listing, creating = (client.requests_of(named(name), "abc") for name in (LIST, CREATE))

    assert listing == [
        b"GET /api/v1/orders?status=shipped&limit=50 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer abc\r\n\r\n"
    ]
    assert len({request.partition(b"\r\n\r\n")[2] for request in creating}) == 64
    assert all(request.startswith(b"POST /api/v1/orders HTTP/1.1\r\n") for request in creating)


def test_orders_are_of_three_products_and_of_none_that_is_read() -> None:
    bodies = [json.loads(body)["items"] for _, body in named(CREATE).calls]

    assert {len({item["product_id"] for item in body}) for body in bodies} == {3}
    assert min(item["product_id"] for body in bodies for item in body) > 3


def test_a_login_is_a_form_and_each_delete_has_another_product() -> None:
    [login] = client.requests_of(named(LOGIN), "abc")
    deletes = client.requests_of(deleting(named(DELETE), [7, 8]), "abc")

    assert b"Content-Type: application/x-www-form-urlencoded\r\n" in login
    assert b"Authorization" not in login
    assert [request.split()[1] for request in deletes] == [b"/api/v1/products/7", b"/api/v1/products/8"]


def test_wrk_gets_the_token_and_all_calls() -> None:
    script = wrk.script(named(CREATE), "abc")

    assert 'wrk.method = "POST"' in script
    assert 'wrk.headers["Authorization"] = "Bearer abc"' in script
    assert script.count('{"/api/v1/orders", "{\\"items\\"') == 64
    assert '{"/api/v1/orders?status=shipped&limit=50", nil}' in wrk.script(named(LIST), "abc")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("[900, 2000000, 1500.0, 9000.0, 0]", (450.0, 1.5, 9.0, 0)),
        ("[5, 1000000, 1.0, 2.0, 9]", (0.0, 0.001, 0.002, 9)),
    ],
)
def test_wrk_tells_rates_in_seconds_and_times_in_milliseconds(line: str, expected: tuple[float, ...]) -> None:
    assert wrk.parsed(f"Running 1s test\nmeasured {line}\n") == expected
