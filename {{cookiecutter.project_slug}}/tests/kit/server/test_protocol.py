"""The protocol with a transport and a clock of the test's: bytes in, bytes out."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.types import Message, Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

import tortoise_kit
from tortoise_kit.http.asgi import TICKET
from tortoise_kit.server import AdmissionControl, ServerLimits
from tortoise_kit.server.admission import TicketState
from tortoise_kit.server.protocol import ServiceProtocol
from tortoise_kit.upstream.uvicorn import HEAD_BYTES_MAX, TRAILER_BYTES_MAX
from tortoise_kit.upstream.uvicorn_writes import ResponseWriter

KIT = Path(tortoise_kit.__file__).parent
BODY = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\nA: "
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"


class Wire(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        super().__init__({"peername": (address, 1)})
        self.written = b""
        self.writes = self.unread = 0
        self.closed = self.aborted = False
        self.reading = True

    def write(self, data: Any) -> None:
        self.written += data
        self.writes += 1

    def write_eof(self) -> None:
        """Whatever was written is all."""

    def can_write_eof(self) -> bool:
        return True

    def get_write_buffer_size(self) -> int:
        return self.unread

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = self.aborted = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    @property
    def statuses(self) -> list[int]:
        return [int(line[9:12]) for line in self.written.split(b"\r\n") if line.startswith(b"HTTP/1.1")]

    @property
    def problem(self) -> str:
        kind: str = json.loads(self.written.split(b"\r\n\r\n")[-1])["type"]
        return kind.removeprefix("urn:problem:")


class App:
    """Reads a body, waits if it must, and responds as a middleware would."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.scopes: list[Scope] = []
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        more = True
        while more:
            message: Message = await receive()
            self.bodies.append(message.get("body", b""))
            more = message.get("more_body", False)
        await self.go_on.wait()
        rejected = TICKET in scope and scope[TICKET].state is TicketState.REJECTED
        await send({"type": "http.response.start", "status": 503 if rejected else 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


class Server:
    """One worker without a socket."""

    def __init__(self, limits: ServerLimits) -> None:
        self.app = App()
        self.control = AdmissionControl(
            limits, exempt={"/health"}, trusted_proxies="10.0.0.1", allow_origins=["https://a.example"]
        )
        self.config = Config(cast("Any", self.app), lifespan="off", log_config=None, proxy_headers=False)
        self.config.load()
        self.state = ServerState()
        self.open: list[ServiceProtocol] = []

    def connect(self, address: str = "127.0.0.1") -> tuple[ServiceProtocol, Wire]:
        protocol = ServiceProtocol(config=self.config, server_state=self.state, app_state={"admission": self.control})
        wire = Wire(address)
        protocol.connection_made(wire)
        self.open.append(protocol)
        return protocol, wire


@asynccontextmanager
async def serving(**limits: Any) -> AsyncGenerator[Server]:
    server = Server(ServerLimits(**limits))
    yield server
    server.app.go_on.set()
    await turns()
    for protocol in server.open:
        protocol.connection_lost(None)
    await turns()
    assert (server.control.running, server.control.waiting, server.control.bodies_bytes) == (0, 0, 0)
    assert not server.state.tasks
    assert len(server.control.connections) == 0


async def turns() -> None:
    """Let tasks go as far as they can."""
    for _ in range(8):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("pieces", "statuses"),
    [
        ([HEAD + b"a" * 60_000, b"\r\n\r\n"], [204]),
        ([HEAD + b"a" * (HEAD_BYTES_MAX + 100)], [431]),
        ([HEAD + b"a" * HEAD_BYTES_MAX + b"\r\n\r\n"], [431]),
        ([b"GET /" + b"a" * HEAD_BYTES_MAX + b" HTTP/1.1\r\n\r\n"], [431]),
        ([HEAD + b"a" * 40_000, b"a" * 40_000], [431]),
        ([BODY + HEAD, b"a" * 40_000 + b"\r\n\r\n"], [204, 204]),
        ([BODY[:50_000], BODY[50_000:] + HEAD + b"a" * 40_000, b"\r\n\r\n"], [204, 204]),
        ([BODY, HEAD + b"a" * 60_000, b"\r\n\r\n"], [204, 204]),
        ([BODY + HEAD, b"a" * 40_000, b"a" * 40_000], [204, 431]),
        ([GET, HEAD + b"a" * 40_000, b"a" * 40_000], [204, 431]),
        ([CHUNKED + b"0\r\n" + b"X-T: aaaa\r\n" * 700 + b"\r\n"] * 12 + [GET], [204] * 13),
        ([(HEAD + b"a" * 20_000 + b"\r\n\r\n") * 4 + HEAD, b"\r\n\r\n"], [204] * 5),
        ([GET * 1201], [204] * 1201),
        ([CHUNKED + b"1\r\na\r\n" * 20_000 + b"0\r\n\r\n"], [204]),
    ],
    ids=[
        *("one", "too long", "too long and whole", "a long path", "too long in two", "behind a body"),
        *("in a body's piece", "after a body", "endless", "after a request", "trailers", "many", "pipelined"),
        "tiny chunks",
    ],
)
async def test_each_head_is_counted_separately(pieces: list[bytes], statuses: list[int]) -> None:
    async with serving() as server:
        protocol, wire = server.connect()
        for piece in pieces:
            protocol.data_received(piece)
            await asyncio.sleep(0.01)
        while len(wire.statuses) < len(statuses):
            await turns()

        assert wire.statuses == statuses


async def test_each_response_is_sent_by_one_write() -> None:
    async with serving() as server:
        protocol, wire = server.connect()
        protocol.data_received(GET * 3)
        await turns()

        assert (wire.statuses, wire.writes) == ([204] * 3, 3)


async def test_the_head_of_a_stream_does_not_wait_for_its_body() -> None:
    wire = Wire()
    responses = ResponseWriter(wire, asyncio.get_running_loop())
    responses.begin()
    responses.write(b"head")
    at_once = wire.written
    await asyncio.sleep(0)
    before_the_body = wire.written
    responses.write(b" body")
    responses.begin()
    responses.write(b" last")
    responses.close()

    assert (at_once, before_the_body, wire.written, wire.closed) == (b"", b"head", b"head body last", True)


async def test_what_is_rejected_behind_a_request_leaves_its_response_alone() -> None:
    async with serving() as server:
        server.app.go_on.clear()
        protocol, wire = server.connect()
        protocol.data_received(GET + HEAD + b"a" * 40_000)
        protocol.data_received(b"a" * 40_000)
        protocol.sweep(protocol.loop.time() + 60)
        before = wire.written, wire.aborted
        server.app.go_on.set()
        await turns()

        assert before == (b"", False)
        assert (wire.statuses, wire.closed) == ([204], True)
        assert server.control.rejected == {"head-too-large": 1}


@pytest.mark.parametrize(
    "pieces",
    [
        [CHUNKED + b"0\r\nX-T: ", *[b"a" * TRAILER_BYTES_MAX] * 2],
        [CHUNKED + b"0\r\n", *[b"X-T: aaaa\r\n" * 500] * 2],
        [CHUNKED + b"1;", *[b"a" * TRAILER_BYTES_MAX] * 2],
    ],
    ids=["one trailer", "many trailers", "an extension"],
)
async def test_trailers_without_end_are_rejected(pieces: list[bytes]) -> None:
    async with serving() as server:
        protocol, wire = server.connect()
        for piece in pieces:
            protocol.data_received(piece)

        assert (wire.statuses, wire.problem) == ([431], "trailers-too-large")
        assert server.app.scopes == []


async def test_trailers_are_no_headers() -> None:
    async with serving() as server:
        protocol, wire = server.connect()
        protocol.data_received(CHUNKED + b"0\r\nAuthorization: Bearer x\r\nX-Forwarded-For: 8.8.8.8\r\n\r\n" + GET)
        await turns()

        assert wire.statuses == [204, 204]
        assert [dict(scope["headers"]).keys() for scope in server.app.scopes] == [
            {b"host", b"transfer-encoding"},
            {b"host"},
        ]


@pytest.mark.parametrize("upgrade", [b"h2c", b"foo", b"websocket"])
@pytest.mark.parametrize("cuts", [(), (-5,), (-10,), (20, -10)], ids=str)
async def test_a_body_is_read_whatever_protocol_the_client_asks_for_beside(
    upgrade: bytes, cuts: tuple[int, ...]
) -> None:
    asked = POST.replace(b"Host", b"Connection: Upgrade\r\nUpgrade: " + upgrade + b"\r\nHost") + b"1234567890"
    async with serving() as server:
        protocol, wire = server.connect()
        places = [0, *(cut % len(asked) for cut in cuts), len(asked)]
        for start, end in pairwise(places):
            protocol.data_received(asked[start:end])
        if upgrade != b"websocket":
            protocol.data_received(GET)
        await turns()

    assert wire.statuses == ([400] if upgrade == b"websocket" else [204, 204])
    assert b"".join(server.app.bodies) == (b"" if upgrade == b"websocket" else b"1234567890")


async def test_requests_in_a_pipeline_are_parsed_as_their_turn_nears() -> None:
    async with serving() as server:
        server.app.go_on.clear()
        protocol, wire = server.connect()
        protocol.data_received(GET * 3000)
        waiting = len(protocol.pipeline)
        server.app.go_on.set()
        while len(wire.statuses) < 3000:
            await turns()

    assert waiting < 200


async def test_nothing_more_is_read_while_bytes_wait_to_be_parsed() -> None:
    async with serving() as server:
        server.app.go_on.clear()
        protocol, wire = server.connect()
        protocol.data_received(GET * 3000)
        await turns()
        waiting = wire.reading
        server.app.go_on.set()
        while len(wire.statuses) < 3000:
            assert not wire.reading or not protocol.flow.is_behind
            await turns()

        assert (waiting, wire.reading) == (False, True)


async def test_bodies_in_a_pipeline_are_read_as_their_turn_nears_and_freed_with_the_connection() -> None:
    post = POST.replace(b"10", b"50000") + b"a" * 50_000
    async with serving() as server:
        for client_stays in (True, False):
            server.app.go_on.clear()
            protocol, wire = server.connect()
            protocol.data_received(GET + post * 15)
            await turns()
            held = sum(len(cycle.body) for cycle, _ in protocol.pipeline)
            if not client_stays:
                protocol.connection_lost(None)
                server.open.remove(protocol)
            server.app.go_on.set()
            while client_stays and len(wire.statuses) < 16:
                await turns()

            assert 50_000 < held < 150_000
            assert len(protocol.pipeline) == 0

    assert b"".join(server.app.bodies) == b"a" * 50_000 * 15


async def test_a_client_that_does_not_read_takes_no_further_place() -> None:
    async with serving() as server:
        protocol, wire = server.connect()
        protocol.data_received(GET)
        await turns()
        protocol.pause_writing()
        protocol.data_received(GET)
        await turns()
        running = server.control.running
        protocol.resume_writing()
        await turns()

    assert (running, wire.statuses) == (0, [204, 204])


async def test_connections_that_hold_a_body_make_room_for_a_new_one() -> None:
    async with serving(connections=3) as server:
        held = [server.connect() for _ in range(3)]
        for protocol, _ in held:
            protocol.data_received(POST)
        protocol, wire = server.connect()
        protocol.data_received(GET)
        await turns()

    assert wire.statuses == [204]
    assert [each.aborted for _, each in held] == [True, False, False]


async def test_a_request_waits_for_its_body_without_a_place() -> None:
    async with serving(running=1) as server:
        slow, slow_wire = server.connect()
        slow.data_received(POST)
        _, wire = server.connect()
        server.open[1].data_received(GET)
        await turns()
        running, held = server.control.running, server.control.bodies_bytes
        slow.data_received(b"12345")
        held_later = server.control.bodies_bytes
        slow.data_received(b"67890")
        await turns()

    assert (running, held, held_later) == (0, 0, 5)
    assert (wire.statuses, slow_wire.statuses) == ([204], [204])


async def test_a_body_that_is_too_long_goes_to_the_route_which_rejects_it() -> None:
    async with serving(body_bytes=100) as server:
        declared, _ = server.connect()
        declared.data_received(POST.replace(b"10", b"101"))
        sent, _ = server.connect()
        sent.data_received(CHUNKED + b"%x\r\n" % 101 + b"a" * 101)
        await turns()

        assert len(server.app.scopes) == 2
        assert server.control.running == 0
        for each in (declared, sent):
            each.connection_lost(None)


async def test_a_client_that_expects_it_is_told_to_send_its_body() -> None:
    async with serving(body_bytes=100) as server:
        waits, wire = server.connect()
        waits.data_received(POST.replace(b"Host", b"Expect: 100-continue\r\nHost"))
        first = wire.statuses
        waits.data_received(b"1234567890")
        await turns()

    assert (first, wire.statuses) == ([100], [100, 204])


@pytest.mark.parametrize("apart", [True, False], ids=["head first", "at once"])
async def test_a_client_of_http_1_0_gets_only_its_response(*, apart: bool) -> None:
    head, body = POST.replace(b"Host", b"Expect: 100-continue\r\nHost").replace(b"1.1", b"1.0"), b"1234567890"
    async with serving() as server:
        protocol, wire = server.connect()
        for piece in (head, body) if apart else (head + body,):
            protocol.data_received(piece)
        await turns()

    assert wire.statuses == [204]


async def test_all_bodies_together_have_a_limit() -> None:
    async with serving(bodies_bytes=12) as server:
        largest, wire = server.connect()
        other, other_wire = server.connect()
        largest.data_received(POST + b"12345678")
        other.data_received(POST + b"12345")
        other.data_received(b"67890")
        await turns()

    assert (wire.statuses, wire.problem) == ([503], "bodies-full")
    assert other_wire.statuses == [204]


@pytest.mark.parametrize(
    ("wait", "end"),
    [
        ("the rest of its body", "the client leaves"),
        ("a place", "the client leaves"),
        ("its client to read", "the client leaves"),
        ("the rest of its body", "the wait is too long"),
    ],
)
async def test_the_body_of_a_request_that_will_not_start_is_freed_without_the_garbage_collector(
    wait: str, end: str
) -> None:
    async with serving(running=1) as server:
        protocol, _ = server.connect()
        if wait == "a place":
            server.app.go_on.clear()
            server.connect()[0].data_received(GET)
        if wait == "its client to read":
            protocol.pause_writing()
        protocol.data_received(POST + (b"12345" if wait == "the rest of its body" else b"1234567890"))
        body = protocol.cycle.body
        before = len(body)
        if end == "the client leaves":
            protocol.connection_lost(None)
            server.open.remove(protocol)
        else:
            protocol.sweep(protocol.loop.time() + 60)

    assert (before > 0, len(body)) == (True, 0)


async def test_a_body_that_the_application_does_not_read_is_freed_while_the_connection_is_idle() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async with serving() as server:
        server.config.loaded_app = cast("Any", app)
        protocol, wire = server.connect()
        protocol.data_received(POST + b"1234567890")
        body = protocol.cycle.body
        before = len(body)
        await turns()

        assert (wire.statuses, wire.closed) == ([404], False)
        assert (before, len(body)) == (10, 0)


@pytest.mark.parametrize(
    ("sent", "limit", "status", "kind"),
    [
        (b"", "head", None, "connection-silent"),
        (b"GET / HT", "head", 408, "head-timeout"),
        (b"\r\n", "head", 408, "head-timeout"),
        (GET + b"GET / HT", "head", 408, "head-timeout"),
        (POST, "body", 408, "body-timeout"),
        (POST + b"12345", "body", 408, "body-timeout"),
        (CHUNKED, "body", 408, "body-timeout"),
    ],
)
async def test_each_wait_for_a_client_has_a_limit(sent: bytes, limit: str, status: int | None, kind: str) -> None:
    async with serving(**{limit: 5.0}) as server:
        protocol, wire = server.connect()
        protocol.data_received(sent) if sent else None
        await turns()
        now = protocol.loop.time()
        protocol.sweep(now + 4.9)
        too_early = [code for code in wire.statuses if code != 204], wire.aborted
        protocol.sweep(now + 5.1)
        protocol.data_received(b"more")
        protocol.sweep(now + 10)

        assert too_early == ([], False)
        assert [code for code in wire.statuses if code != 204] == ([status] if status else [])
        assert server.control.rejected == {kind: 1}
        assert wire.aborted


@pytest.mark.parametrize("origin", [b"https://a.example", b"https://b.example"])
@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (POST, "body-timeout"),
        (GET[:-2] + b"A: ", "head-timeout"),
        (HEAD + b"a" * HEAD_BYTES_MAX, "head-too-large"),
        (CHUNKED + b"0\r\nX-T: " + b"a" * 2 * TRAILER_BYTES_MAX, "trailers-too-large"),
    ],
)
async def test_a_page_of_an_allowed_origin_may_read_why_the_server_rejects_its_request(
    sent: bytes, kind: str, origin: bytes
) -> None:
    async with serving() as server:
        protocol, wire = server.connect()
        protocol.data_received(sent.replace(b"Host: x", b"Host: x\r\nOrigin: " + origin))
        protocol.sweep(protocol.loop.time() + 60)
        headers = wire.written.split(b"\r\n\r\n")[0].split(b"\r\n")

    allowed = origin == b"https://a.example"
    assert wire.problem == kind
    assert (b"access-control-allow-origin: " + origin in headers) == allowed
    assert any(each.startswith(b"access-control-expose-headers: ") for each in headers) == allowed
    assert b"vary: Origin" in headers


async def unread(server: Server) -> tuple[ServiceProtocol, Wire, float]:
    """A connection with a response that is not read yet, and the time."""
    protocol, wire = server.connect()
    protocol.data_received(GET)
    await turns()
    wire.unread = 1000
    return protocol, wire, protocol.loop.time()


async def test_a_response_that_nobody_reads_is_ended() -> None:
    async with serving(unread=5.0) as server:
        protocol, wire, now = await unread(server)
        protocol.sweep(now)
        protocol.sweep(now + 4.9)
        too_early = wire.aborted
        protocol.sweep(now + 5.1)

        assert (too_early, wire.aborted) == (False, True)
        assert server.control.rejected == {"response-unread": 1}


async def test_a_client_that_reads_on_is_not_ended() -> None:
    async with serving(unread=5.0) as server:
        protocol, wire, now = await unread(server)
        for second in range(10):
            protocol.pause_writing()
            protocol.sweep(now + second)
            protocol.resume_writing()

        assert not wire.aborted


async def test_beyond_the_limit_the_connection_idle_longest_is_closed() -> None:
    async with serving(connections=3) as server:
        server.app.go_on.clear()
        busy, busy_wire = server.connect()
        busy.data_received(GET)
        others = [server.connect()[1] for _ in range(4)]
        server.app.go_on.set()
        await turns()

        assert [wire.aborted for wire in (busy_wire, *others)] == [False, True, True, False, False]
        assert busy_wire.statuses == [204]
        assert server.control.rejected == {"connections-full": 2}


async def test_connections_that_are_all_busy_leave_no_room_for_a_new_one() -> None:
    async with serving(connections=1) as server:
        server.app.go_on.clear()
        server.connect()[0].data_received(GET)

        assert server.connect()[1].aborted


async def test_requests_wait_in_turn_and_a_client_that_leaves_leaves_the_line() -> None:
    async with serving(running=1) as server:
        server.app.go_on.clear()
        connections = [server.connect(address) for address in ("10.1.1.1", "10.1.1.1", "10.1.1.1", "10.2.2.2")]
        for protocol, _ in connections:
            protocol.data_received(GET)
        await turns()
        waiting = server.control.waiting
        connections[1][0].connection_lost(None)
        left = server.control.waiting
        server.app.go_on.set()
        await turns()
        await turns()

    assert (waiting, left) == (3, 2)
    assert [scope["client"][0] for scope in server.app.scopes] == ["10.1.1.1", "10.1.1.1", "10.2.2.2"]
    assert [wire.statuses for _, wire in connections] == [[204], [], [204], [204]]


async def test_behind_a_trusted_proxy_each_client_has_a_line() -> None:
    async with serving(running=1) as server:
        server.app.go_on.clear()
        for client in (b"1.1.1.1", b"1.1.1.1", b"1.1.1.1", b"2.2.2.2"):
            server.connect("10.0.0.1")[0].data_received(
                GET.replace(b"Host", b"X-Forwarded-For: " + client + b"\r\nHost")
            )
        await turns()
        server.app.go_on.set()
        for _ in range(4):
            await turns()

    served = [dict(scope["headers"])[b"x-forwarded-for"] for scope in server.app.scopes]
    assert served == [b"1.1.1.1", b"1.1.1.1", b"2.2.2.2", b"1.1.1.1"]


async def test_a_proxy_that_is_not_trusted_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as server:
        for address in ("10.0.0.1", "10.0.0.2", "10.0.0.2"):
            server.connect(address)[0].data_received(GET.replace(b"Host", b"X-Forwarded-For: 1.1.1.1\r\nHost"))

    assert [(record.getMessage(), record.__dict__["peer"]) for record in caplog.records] == [
        ("proxy.not_trusted", "10.0.0.2")
    ]


async def test_a_wait_that_is_too_long_ends_in_a_rejection_by_the_application() -> None:
    async with serving(running=1, wait=0.01) as server:
        server.app.go_on.clear()
        server.connect()[0].data_received(GET)
        _, wire = server.connect()
        server.open[1].data_received(GET)
        await asyncio.sleep(0.1)
        server.app.go_on.set()
        await turns()

        assert wire.statuses == [503]


async def test_the_end_of_one_request_begins_another_outside_its_context() -> None:
    seen: list[str] = []
    variable = ContextVar("variable", default="clean")

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        seen.append(variable.get())
        variable.set("dirty")
        await asyncio.sleep(0)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async with serving(running=1) as server:
        server.config.loaded_app = cast("Any", app)
        for _ in range(3):
            server.connect()[0].data_received(GET)
        for _ in range(4):
            await turns()

    assert seen == ["clean"] * 3


async def test_a_worker_that_stops_serves_what_has_been_accepted_and_closes_after_each_response() -> None:
    async with serving() as server:
        idle, idle_wire = server.connect()
        idle.data_received(GET)
        await turns()
        new, new_wire = server.connect()
        server.control.drain()
        for protocol in (idle, new):
            protocol.shutdown()
        still_open = not new_wire.closed
        new.data_received(GET)
        await turns()

    assert (idle_wire.closed, still_open) == (True, True)
    assert (new_wire.statuses, new_wire.closed) == ([204], True)
    assert b"connection: close" in new_wire.written


def test_the_documentation_names_each_reason_of_a_rejection() -> None:
    sources = [KIT / "server" / f"{name}.py" for name in ("connections", "middleware", "protocol")]
    sources += (KIT / "upstream").glob("uvicorn*.py")
    named = re.compile(r'kind="([a-z-]+)"|close\(.*"([a-z-]+)"\)|rejected\["([a-z-]+)"\]')
    found = [match for path in sources for match in named.findall(path.read_text("utf-8"))]
    section = (KIT.parent / "docs" / "operations.md").read_text("utf-8").partition("## Slow and hostile clients")[2]

    documented = set(re.findall(r"`([a-z]+(?:-[a-z]+)+|overloaded)`", section.partition("\n## ")[0]))
    assert {next(filter(None, match)) for match in found} == documented
