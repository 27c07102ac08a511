"""How connections are accepted, with real sockets."""

import asyncio
import errno
import gc
import socket
from typing import Any

import pytest

from tortoise_kit.server.event_loop import EventLoop, new_event_loop

CONNECTIONS = 40


class Greeter(asyncio.Protocol):
    """Greets each client."""

    def connection_made(self, transport: Any) -> None:
        transport.write(b"hello")
        transport.close()


def connect(port: int) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=5)
    client.settimeout(5)
    return client


def in_new_loop(main: Any) -> Any:
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(main)


def test_connections_that_wait_are_accepted_in_one_turn_and_none_is_reset_at_the_end() -> None:
    async def main() -> list[bytes]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, EventLoop)
        server = await loop.create_server(Greeter, "127.0.0.1", 0, backlog=100)
        port = server.sockets[0].getsockname()[1]
        first = [connect(port) for _ in range(CONNECTIONS)]
        await asyncio.sleep(0.1)
        greeted = [client.recv(5) for client in first]
        late = [connect(port) for _ in range(CONNECTIONS)]  # in the kernel's queue: the loop has had no turn since
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0.1)
        greeted += [client.recv(5) for client in late]
        for client in (*first, *late):
            client.close()
        with pytest.raises(ConnectionRefusedError):
            connect(port)
        assert not server.is_serving()
        return greeted

    assert in_new_loop(main()) == [b"hello"] * 2 * CONNECTIONS


def test_without_a_descriptor_left_it_tries_again_later(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tortoise_kit.server.event_loop.FULL_SECONDS", 0.05)
    failures = iter([OSError(errno.EMFILE, "Too many open files"), ConnectionAbortedError()])

    class Listening:
        """A socket whose first attempts fail."""

        def __init__(self, listening: socket.socket) -> None:
            self._listening = listening

        def accept(self) -> Any:
            for failure in failures:
                raise failure
            return self._listening.accept()

        def __getattr__(self, name: str) -> Any:
            return getattr(self._listening, name)

    async def main() -> bytes:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            bound: Any = Listening(listening)
            server = await asyncio.get_running_loop().create_server(Greeter, sock=bound)
            client = connect(listening.getsockname()[1])
            await asyncio.sleep(0.2)
            server.close()
            with client:
                return client.recv(5)

    assert in_new_loop(main()) == b"hello"
    assert [record.getMessage() for record in caplog.records] == ["connections.out_of_descriptors"]


def test_an_address_that_is_taken_is_named() -> None:
    async def main(port: int) -> None:
        await asyncio.get_running_loop().create_server(Greeter, "127.0.0.1", port)

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=rf"127\.0\.0\.1 port {port}: Address already in use"):
            in_new_loop(main(port))


def test_what_exists_when_a_server_begins_to_listen_is_collected_no_more() -> None:
    async def main() -> int:
        server = await asyncio.get_running_loop().create_server(Greeter, "127.0.0.1", 0)
        frozen = gc.get_freeze_count()
        server.close()
        await server.wait_closed()
        return frozen

    gc.unfreeze()
    try:
        assert in_new_loop(main()) > 10_000
    finally:
        gc.unfreeze()
