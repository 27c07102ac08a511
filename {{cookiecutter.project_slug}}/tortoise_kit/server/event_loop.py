"""uvloop, which accepts many connections in a turn.

Since libuv 1.40 (pull request 3696) uvloop accepts one connection in each turn of the loop. Under load, new ones then
wait in the kernel for seconds, where no limit counts and no health check gets through: a thousand waited 3.6 s.

Pass the factory by name: `uvicorn.run(…, loop="tortoise_kit.server.event_loop:new_event_loop")`.
"""

import asyncio
import errno
import gc
import logging
import signal
import socket
from collections.abc import Callable, Sequence
from multiprocessing import parent_process
from ssl import SSLContext
from typing import Any

import uvloop

ACCEPTED_AT_ONCE = 32
HANDSHAKES_MAX = 256  # of TLS, at the same time; then the one that began first ends
HANDSHAKE_SECONDS = 10.0
CLOSE_SECONDS = 1.0  # for those that have begun, at the end
FULL_SECONDS = 1.0  # without a descriptor left, the next attempt; asyncio's ACCEPT_RETRY_DELAY
_FULL = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
log = logging.getLogger(__name__)


class Listener:
    """What `create_server` returns: an `asyncio.Server`, as far as uvicorn uses one; it accepts until it is closed.

    Args:
        loop: The event loop.
        sockets: Sockets that listen.
        protocol: Called for each connection.
        ssl: For TLS.
    """

    def __init__(
        self,
        loop: uvloop.Loop,
        sockets: Sequence[socket.socket],
        protocol: Callable[[], asyncio.BaseProtocol],
        ssl: SSLContext | None,
    ) -> None:
        self.sockets = tuple(sockets)
        self._loop = loop
        self._protocol = protocol
        self._ssl = ssl
        self._begun: dict[asyncio.Task[Any], None] = {}
        for listening in self.sockets:
            listening.settimeout(0)
            self._listen(listening)

    def is_serving(self) -> bool:
        """Whether it accepts."""
        return bool(self.sockets)

    def close(self) -> None:
        """Stop accepting. Connections that wait in the kernel are accepted first: it would reset them."""
        for listening in self.sockets:
            self._loop.remove_reader(listening.fileno())
            while self._accept(listening):
                pass
            listening.close()
        self.sockets = ()

    async def wait_closed(self) -> None:
        """Wait until each accepted connection has its protocol."""
        if self._begun:
            _, late = await asyncio.wait(self._begun, timeout=CLOSE_SECONDS)
            for task in late:
                task.cancel()

    def _listen(self, listening: socket.socket) -> None:
        if self.sockets:
            self._loop.add_reader(listening.fileno(), self._accept_some, listening)

    def _accept_some(self, listening: socket.socket) -> None:
        for _ in range(ACCEPTED_AT_ONCE):
            if not self._accept(listening):
                break

    def _accept(self, listening: socket.socket) -> bool:
        """Accept one; False if none waits, or none can be accepted now."""
        try:
            connection, _ = listening.accept()
        except (BlockingIOError, InterruptedError):
            return False
        except ConnectionAbortedError:
            return True
        except OSError as error:
            if error.errno not in _FULL:
                raise
            log.error("connections.out_of_descriptors", extra={"reason": str(error)})  # noqa: TRY400 -- says all
            self._loop.remove_reader(listening.fileno())
            self._loop.call_later(FULL_SECONDS, self._listen, listening)
            return False
        connection.settimeout(0)
        if connection.family in {socket.AF_INET, socket.AF_INET6}:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        task = self._loop.create_task(self._connect(connection))
        self._begun[task] = None
        task.add_done_callback(self._begun.pop)
        if len(self._begun) > HANDSHAKES_MAX:
            next(iter(self._begun)).cancel()
        return True

    async def _connect(self, connection: socket.socket) -> None:
        try:
            seconds = HANDSHAKE_SECONDS if self._ssl else None
            await self._loop.connect_accepted_socket(
                self._protocol, connection, ssl=self._ssl, ssl_handshake_timeout=seconds
            )
        except (OSError, TimeoutError):  # it left at once, or its TLS handshake failed
            connection.close()
        except asyncio.CancelledError:
            connection.close()
            raise


class EventLoop(uvloop.Loop):
    """uvloop's event loop; its servers accept many connections in a turn."""

    async def create_server(  # type: ignore[override]  # noqa: PLR0913 -- what uvicorn passes
        self,
        protocol_factory: Callable[[], asyncio.BaseProtocol],
        host: str | None = None,
        port: int | None = None,
        *,
        sock: socket.socket | None = None,
        ssl: SSLContext | None = None,
        backlog: int = 100,
    ) -> Listener:
        """Listen on a socket, or on all addresses of a host; without a host, on all of the machine.

        What exists by then, such as modules, models and routes, stays until the end, so the garbage collector looks at
        it no more. Its full collections stopped all requests: without them the slowest percent takes 6 ms, not 50.
        """
        gc.collect()
        gc.freeze()
        sockets = [sock] if sock else [_bound(info) for info in await self._addresses(host, port)]
        for each in sockets:
            each.listen(backlog)
        return Listener(self, sockets, protocol_factory, ssl)

    async def _addresses(self, host: str | None, port: int | None) -> list[Any]:
        found = await self.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        return list(dict.fromkeys(found))


def _bound(info: tuple[Any, ...]) -> socket.socket:
    family, kind, protocol, _, address = info
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            # `::` serves IPv4, too, as uvicorn's socket for several workers does.
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(address[0] != "::"))
        bound.bind(address)
    except OSError as error:
        bound.close()
        message = f"cannot listen on {address[0]} port {address[1]}: {error.strerror}"
        raise OSError(error.errno, message) from error
    return bound


def new_event_loop() -> EventLoop:
    """A new event loop, for uvicorn. In a worker whose parent is killed, it ends as at a SIGTERM.

    Otherwise the worker would serve on, and keep the port from the next start.
    """
    loop = EventLoop()
    if parent := parent_process():
        loop.add_reader(parent.sentinel, _end_without_parent, loop, parent.sentinel)
    return loop


def _end_without_parent(loop: EventLoop, sentinel: int) -> None:
    loop.remove_reader(sentinel)
    log.error("worker.orphaned")
    signal.raise_signal(signal.SIGTERM)
