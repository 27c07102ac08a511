"""Clients that send too much, too slowly or nothing, against a real server: others are served, and memory stays."""

import asyncio
import resource
import ssl
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import anyio
import httpx2
import pytest
from anyio.abc import Process, SocketStream

from tests.support.processes import serving, upgrade
from tortoise_kit.development.testing import resident_mebibytes

pytestmark = [pytest.mark.slow, pytest.mark.only("sqlite")]  # starts processes; the database plays no part

PATIENCE_SECONDS = 1.0  # with a client that stalls
BUSY_SECONDS = 2.0  # in which others are served, however busy the machine is
LIMITS = {
    "HEAD_SECONDS": PATIENCE_SECONDS,
    "BODY_SECONDS": PATIENCE_SECONDS,
    "UNREAD_SECONDS": PATIENCE_SECONDS,
    "CONNECTIONS_MAX": 120,
    "REQUESTS_RUNNING_MAX": 4,
}
MANY = 200
GROWTH_MIB_MAX = 40
HEAD = b"POST /api/v1/auth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"
CHUNKED = b"POST /api/v1/auth/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"
ENDLESS_BYTES = 32 * 2**20

type Server = tuple[Process, httpx2.AsyncClient]


@pytest.fixture
async def server(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Server]:
    for name, value in LIMITS.items():
        monkeypatch.setenv(name, str(value))
    await upgrade(empty_database_url)
    async with serving(empty_database_url) as running:
        yield running


def port_of(client: httpx2.AsyncClient) -> int:
    assert client.base_url.port
    return client.base_url.port


async def others_are_served(client: httpx2.AsyncClient) -> None:
    async with httpx2.AsyncClient(base_url=client.base_url, timeout=BUSY_SECONDS, trust_env=False) as other:
        statuses = [(await other.get(path)).status_code for path in ("/api/v1/products", "/health/ready") * 5]
    assert set(statuses) == {200}


async def rejected_as(client: httpx2.AsyncClient, reason: str, *, at_least: int) -> None:
    line = f'http_rejected_total{{reason="{reason}"}} '
    with anyio.fail_after(10 * BUSY_SECONDS):
        while True:
            text = (await client.get("/metrics")).text
            if sum(float(each.removeprefix(line)) for each in text.splitlines() if each.startswith(line)) >= at_least:
                return
            await anyio.sleep(0.1)


async def logged(file: anyio.Path, words: bytes) -> None:
    with anyio.fail_after(10 * BUSY_SECONDS):
        while words not in await file.read_bytes():  # noqa: ASYNC110 -- a file
            await anyio.sleep(0.1)


@asynccontextmanager
async def connections(client: httpx2.AsyncClient, count: int, sent: bytes) -> AsyncGenerator[list[SocketStream]]:
    async with AsyncExitStack() as stack:
        found = []
        for _ in range(count):
            stream = await stack.enter_async_context(await anyio.connect_tcp("127.0.0.1", port_of(client)))
            if sent:
                await stream.send(sent)
            found.append(stream)
        yield found


async def response_on(stream: SocketStream) -> bytes:
    received = b""
    with anyio.fail_after(10 * BUSY_SECONDS):
        try:
            while True:
                received += await stream.receive()
        except (anyio.EndOfStream, anyio.BrokenResourceError):
            return received


@pytest.mark.parametrize("endless", [b"X-T: ", b"1;", b"X: y\r\n"], ids=["a trailer", "an extension", "many trailers"])
async def test_what_follows_a_body_is_not_kept(server: Server, endless: bytes) -> None:
    process, client = server
    await others_are_served(client)
    before = resident_mebibytes(process)
    start = CHUNKED + (b"" if endless.startswith(b"1") else b"0\r\n") + endless
    piece = endless * 20_000 if endless.endswith(b"\n") else b"a" * 2**17
    async with connections(client, 1, start) as [stream]:
        with suppress(anyio.BrokenResourceError):
            for _ in range(ENDLESS_BYTES // len(piece)):
                await stream.send(piece)
        await others_are_served(client)

    assert resident_mebibytes(process) - before < GROWTH_MIB_MAX
    await rejected_as(client, "trailers-too-large", at_least=1)


@pytest.mark.parametrize(
    ("sent", "reason", "status"),
    [(b"", "connection-silent", b""), (b"GET / HT", "head-timeout", b"408"), (HEAD, "body-timeout", b"408")],
    ids=["silent", "half a head", "no body"],
)
async def test_connections_that_go_on_for_ever_are_ended_and_keep_nobody_waiting(
    server: Server, sent: bytes, reason: str, status: bytes
) -> None:
    process, client = server
    await others_are_served(client)
    before = resident_mebibytes(process)
    async with connections(client, 100, sent) as streams:
        await others_are_served(client)
        ended = await response_on(streams[-1])

    assert ended[9:12] == status
    assert resident_mebibytes(process) - before < GROWTH_MIB_MAX
    await rejected_as(client, reason, at_least=100)


async def test_more_connections_than_allowed_close_idle_ones(server: Server) -> None:
    _, client = server
    async with connections(client, MANY, b""):
        await others_are_served(client)
    await rejected_as(client, "connections-full", at_least=MANY - int(LIMITS["CONNECTIONS_MAX"]))


async def test_the_limit_of_connections_is_below_the_descriptors_and_what_it_closes_is_logged(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEAD_SECONDS", "30")
    await upgrade(empty_database_url)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    log = tmp_path / "log"
    try:
        with log.open("wb") as output:
            # A new process: a fork has the limits of what it is forked from.
            async with serving(empty_database_url, log=output, preload=None) as (_, client):
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
                async with connections(client, 300, b""):
                    await others_are_served(client)
                    await logged(anyio.Path(log), b"connections-full")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_responses_that_nobody_reads_are_ended(server: Server) -> None:
    process, client = server
    await others_are_served(client)
    before = resident_mebibytes(process)
    many = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 200
    async with connections(client, 20, many):
        await rejected_as(client, "response-unread", at_least=20)
        await others_are_served(client)

    assert resident_mebibytes(process) - before < GROWTH_MIB_MAX


async def test_one_client_with_many_connections_leaves_others_their_share(server: Server) -> None:
    _, client = server
    served: dict[str, int] = {"many": 0, "few": 0}
    tls = ssl.create_default_context()  # not used, and else each transport loads its own
    until = anyio.current_time() + 3.0

    async def ask(name: str, address: str) -> None:
        transport = httpx2.AsyncHTTPTransport(local_address=address, verify=tls)
        async with httpx2.AsyncClient(base_url=client.base_url, transport=transport, timeout=20) as asking:
            while anyio.current_time() < until:
                served[name] += (await asking.get("/api/v1/products")).status_code == httpx2.codes.OK

    async with asyncio.TaskGroup() as tasks:
        for _ in range(80):
            tasks.create_task(ask("many", "127.0.0.1"))
        for _ in range(8):
            tasks.create_task(ask("few", "127.0.0.2"))
    assert served["few"] >= sum(served.values()) / 4, served


async def test_logins_from_many_networks_leave_others_their_places(server: Server) -> None:
    _, client = server
    form = {"grant_type": "password", "username": "ann@example.com", "password": "wrong"}
    asked = anyio.Event()

    async def log_in(address: str) -> int:
        transport = httpx2.AsyncHTTPTransport(local_address=address, verify=False)
        async with httpx2.AsyncClient(base_url=client.base_url, transport=transport, timeout=20) as asking:
            asked.set()
            return (await asking.post("/api/v1/auth/token", data=form)).status_code

    async with asyncio.TaskGroup() as tasks:
        logins = [tasks.create_task(log_in(f"127.0.1.{number}")) for number in range(1, 60)]
        await asked.wait()
        await others_are_served(client)
    assert {login.result() for login in logins} <= {401, 503}


async def test_hundreds_of_connections_wait_and_none_is_rejected(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUEST_WAIT_SECONDS", "7")  # however busy this machine is
    await upgrade(empty_database_url)
    get = b"GET /api/v1/products HTTP/1.1\r\nHost: x\r\n"
    async with serving(empty_database_url) as (_, client), connections(client, 500, b"") as streams:
        for stream in streams:
            await stream.send(get + b"\r\n" + get + b"Connection: close\r\n\r\n")
        received = await asyncio.gather(*(response_on(stream) for stream in streams))
        ready = await client.get("/health/ready")

    assert [response.count(b"HTTP/1.1 200 OK") for response in received] == [2] * 500
    assert ready.status_code == 200


async def test_clients_that_read_nothing_keep_no_places(server: Server) -> None:
    _, client = server
    many = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 200
    async with connections(client, 14, many):
        await anyio.sleep(1.0)
        await others_are_served(client)


@pytest.mark.parametrize("head", [b"GET / HTTP/1.1\r\n\r\n", b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"])
async def test_a_pipeline_without_end_takes_no_memory(server: Server, head: bytes) -> None:
    process, client = server
    await others_are_served(client)
    before = resident_mebibytes(process)
    async with connections(client, 6, b"") as streams:
        for stream in streams:
            with anyio.move_on_after(PATIENCE_SECONDS), suppress(anyio.BrokenResourceError):
                await stream.send(head * 30_000)
        await others_are_served(client)

    assert resident_mebibytes(process) - before < GROWTH_MIB_MAX
