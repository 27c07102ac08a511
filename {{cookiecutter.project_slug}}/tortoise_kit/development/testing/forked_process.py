"""A server that was forked, as a process of anyio."""

import os
import select
import signal
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import anyio
from anyio.abc import Process

from tortoise_kit.development.testing.forks import fork, received


class ForkedProcess(Process):
    """A process that `fork` started.

    Args:
        connection: What `fork` returned.
    """

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._pid = received(connection)
        self._code: int | None = None

    @property
    def pid(self) -> int:
        """Its number."""
        return self._pid

    @property
    def returncode(self) -> int | None:
        """The exit code, once it has ended."""
        if self._code is None and select.select([self._connection], [], [], 0)[0]:
            self._code = received(self._connection)
        return self._code

    async def wait(self) -> int:
        """Wait until it has ended, and return the exit code."""
        if self.returncode is None:
            await anyio.wait_readable(self._connection)
        return self.returncode or 0

    def send_signal(self, signal: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):  # it ends now, and its code is on the way
                os.kill(self._pid, signal)

    def terminate(self) -> None:
        """Send it SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send it SIGKILL."""
        self.send_signal(signal.SIGKILL)

    async def aclose(self) -> None:
        """Kill it."""
        with anyio.CancelScope(shield=True):
            self.kill()
            await self.wait()
        self._connection.close()


def start_forked(
    origin: socket.socket, arguments: Sequence[str], environment: Mapping[str, str], log: IO[bytes] | int
) -> ForkedProcess:
    """Start `python -m` with these arguments; standard error is for `log`, if it is a file."""
    with Path(os.devnull).open("r+b") as nothing:
        streams = [each.fileno() for each in (nothing, nothing, nothing if isinstance(log, int) else log)]
        return ForkedProcess(fork(origin, arguments, environment=environment, streams=streams))
