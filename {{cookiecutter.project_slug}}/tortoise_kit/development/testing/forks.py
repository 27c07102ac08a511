"""Processes of `python -m MODULE` that begin with their imports done: forked from one that has done them. Linux only.

A new process of a service takes most of a second to import it, and a suite starts a hundred. Run as a script, this file
is the process that is forked; it imports nothing else of the kit, so that a command finds what it would import itself.
"""

import atexit
import ctypes
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO

REQUEST_BYTES = 2**17  # a command with its environment
STANDARD_STREAMS = 3
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


def run_forked(
    origin: socket.socket, arguments: Sequence[str], *, environment: Mapping[str, str], stdin: bytes, seconds: float
) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m` with these arguments, the first of which is a module, until it ends.

    Args:
        origin: Leads to the process that is forked.
        arguments: The module, and its own arguments.
        environment: All variables of the process.
        stdin: What it reads.
        seconds: How long it may take; then it is killed.

    Raises:
        TimeoutError: It takes longer.
        ChildProcessError: The process that is forked has ended; its last words are on standard error.
    """
    with ExitStack() as stack:
        streams = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(STANDARD_STREAMS)]
        streams[0].write(stdin)
        streams[0].seek(0)
        files = [stream.fileno() for stream in streams]
        connection = stack.enter_context(fork(origin, arguments, environment=environment, streams=files))
        connection.settimeout(seconds)
        code = _exit_code(connection)
        stdout, stderr = map(_contents, streams[1:])
    return subprocess.CompletedProcess([*arguments], code, stdout, stderr)


def fork(
    origin: socket.socket, arguments: Sequence[str], *, environment: Mapping[str, str], streams: Sequence[int]
) -> socket.socket:
    """Start `python -m` with these arguments; its process id can be `received`, and then its exit code.

    It leads a session, and gets SIGTERM once the process that it is forked from has ended.
    """
    connection, other_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with other_end:
        request = json.dumps([[*arguments], dict(environment)]).encode()
        socket.send_fds(origin, [request], [other_end.fileno(), *streams])
    return connection


def _exit_code(connection: socket.socket) -> int:
    pid = received(connection)
    try:
        return received(connection)
    except TimeoutError:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        raise


def received(connection: socket.socket) -> int:
    """The next number that such a connection has: first a process id, then an exit code; raises as `run_forked`."""
    if number := connection.recv(REQUEST_BYTES):
        return int(number)
    message = "the process that commands are forked from has ended: what it imports cannot be imported"
    raise ChildProcessError(message)


def _contents(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    return stream.read()


@cache
def origin_of(folder: Path, preload: str) -> socket.socket:
    """What leads to the process that is forked in this folder, with these modules, `a,b`; the first call starts it.

    A pair of sockets has no address, so no other user of the machine can run a command.
    """
    origin, other_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with other_end:
        process = subprocess.Popen(  # noqa: S603 -- this file
            [sys.executable, "-P", __file__, str(other_end.fileno()), preload],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[other_end.fileno()],
            start_new_session=True,
        )
    atexit.register(_end, origin, process)
    return origin


def _end(origin: socket.socket, process: subprocess.Popen[bytes]) -> None:
    origin.close()
    process.wait()


def _next_command(commands: socket.socket) -> list[str]:
    """Return in each process that is forked, with its arguments; the one that is forked does not return."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # those that wait are not waited for
    while True:
        request, files, _, _ = socket.recv_fds(commands, REQUEST_BYTES, 1 + STANDARD_STREAMS)
        if not request:
            sys.exit()  # the suite has ended, however it ended
        if os.fork() == 0:
            commands.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            return _command(request, *files)
        for file in files:
            os.close(file)


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _command(request: bytes, connection: int, *streams: int) -> list[str]:
    """Fork once more, and return in the command; the other process says how that ends, and ends with it."""
    _end_with_parent()
    if pid := os.fork():
        with socket.socket(fileno=connection) as waiting, suppress(BrokenPipeError):  # unless nobody waits any longer
            waiting.send(str(pid).encode())
            _, status = os.waitpid(pid, 0)
            waiting.send(str(os.waitstatus_to_exitcode(status)).encode())
        os.kill(os.getpid(), signal.SIGKILL)  # at once: an interpreter takes a while to end
    _end_with_parent()
    os.setsid()
    os.close(connection)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    arguments, environment = json.loads(request)
    os.environ.clear()
    os.environ.update(environment)
    return [str(each) for each in arguments]


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    for each in sys.argv[2].split(","):
        import_module(each)
    sys.argv = _next_command(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
