"""Servers under test, each a process on a free port."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO

import anyio
import anyio.to_thread
import httpx2
from anyio.abc import Process

from tortoise_kit.development.testing.forked_process import start_forked
from tortoise_kit.development.testing.forks import origin_of, run_forked
from tortoise_kit.development.testing.postgres import free_port

START_SECONDS = 60
STOP_SECONDS = 20
MEASURED = "COVERAGE_PROCESS_CONFIG"  # set by coverage: a server that ends by itself writes down which lines it ran
REQUEST_SECONDS = 20
POLL_SECONDS = 0.05
LOG_BYTES = 2**20
# Linux ends the process with SIGTERM when the one that started it has ended, in whatever way: prctl(PR_SET_PDEATHSIG).
WITH_ITS_PARENT = f"""
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, {int(signal.SIGTERM)})
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
PYTHON = (sys.executable, "-c", WITH_ITS_PARENT) if sys.platform == "linux" else (sys.executable,)


@asynccontextmanager
async def serving(
    *command: str,
    folder: Path,
    environment: Mapping[str, str],
    ready: tuple[str, int],
    log: IO[bytes] | int = subprocess.DEVNULL,
    preload: str | None = None,
) -> AsyncGenerator[tuple[Process, httpx2.AsyncClient]]:
    """A server and a client of it; the server and its workers are killed afterwards, whatever the test did.

    Args:
        command: What Python runs, such as `-m app serve`; `--port` and a free port are added.
        folder: Where it runs.
        environment: Variables on top of this process's.
        ready: A path, and the status that it has once the server is up.
        log: What takes the server's standard error.
        preload: As for `run_python`.
    """
    port = free_port()
    given = {**os.environ, **environment}
    arguments = (*command, "--port", str(port))
    process: Process
    if _is_forked(preload, environment) and MEASURED not in os.environ:
        process = await anyio.to_thread.run_sync(
            start_forked, origin_of(folder, str(preload)), arguments[1:], given, log
        )
    else:
        process = await anyio.open_process(
            [*PYTHON, *arguments],
            cwd=folder,
            env=given,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )
    try:
        async with httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", timeout=REQUEST_SECONDS, trust_env=False
        ) as client:
            await _is_up(process, client, ready)
            yield process, client
    finally:
        if MEASURED in os.environ:
            with anyio.move_on_after(STOP_SECONDS, shield=True), suppress(ProcessLookupError):
                process.terminate()
                await process.wait()
        with suppress(ProcessLookupError):  # it has ended by itself, with all of its workers
            os.killpg(process.pid, signal.SIGKILL)
        await process.aclose()


def _is_forked(preload: str | None, environment: Mapping[str, str]) -> bool:
    return bool(preload) and sys.platform == "linux" and not any(name.startswith("PYTHON") for name in environment)


async def _is_up(process: Process, client: httpx2.AsyncClient, ready: tuple[str, int]) -> None:
    path, status = ready
    with anyio.fail_after(START_SECONDS):
        while True:
            assert process.returncode is None, "the server ended before it was ready"
            with suppress(httpx2.TransportError):
                if (await client.get(path)).status_code == status:
                    return
            await anyio.sleep(POLL_SECONDS)


def resident_mebibytes(process: Process) -> float:
    """Memory of a process: from /proc on Linux, from `ps` elsewhere."""
    status = Path(f"/proc/{process.pid}/status")
    if status.exists():
        kibibytes = status.read_text(encoding="ascii").partition("VmRSS:")[2].split()[0]
    else:
        ps = ["/bin/ps", "-o", "rss=", "-p", str(process.pid)]
        kibibytes = subprocess.run(ps, check=True, capture_output=True, text=True, timeout=REQUEST_SECONDS).stdout  # noqa: S603  # a program of the system
    return int(kibibytes) / 1024


async def logged(log: IO[bytes], text: str) -> str:
    """All that a server has written to its log, once it has written this text."""
    with anyio.fail_after(START_SECONDS):
        while True:
            written = os.pread(log.fileno(), LOG_BYTES, 0).decode()  # the server's own position stays as it is
            if text in written:
                return written
            await anyio.sleep(POLL_SECONDS)


async def run_python(
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str],
    stdin: str = "",
    seconds: float = START_SECONDS,
    preload: str | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run Python with these arguments until it ends, without a terminal.

    Args:
        arguments: What a shell would pass to Python.
        folder: Where it runs.
        environment: Variables on top of this process's.
        stdin: What it reads.
        seconds: How long it may take; then it is killed.
        preload: With `-m MODULE`: the modules that it is going to import, `a,b`. On Linux the process is a fork of one
            that has imported them, unless `PYTHON...` variables are given.

    Raises:
        TimeoutError: It takes longer.
    """
    given = {**os.environ, **environment}
    if _is_forked(preload, environment):
        forked = partial(
            run_forked, origin_of(folder, str(preload)), environment=given, stdin=stdin.encode(), seconds=seconds
        )
        return await anyio.to_thread.run_sync(forked, arguments[1:])
    with anyio.fail_after(seconds):
        return await anyio.run_process(
            [sys.executable, *arguments],
            check=False,
            cwd=folder,
            env=given,
            input=stdin.encode(),
        )
