"""The servers that tests start end with the test, or with the suite, and their workers with them."""

import os
import sys
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest

from app.settings import PROJECT_FILE
from tests.support.processes import STOP_SECONDS, serving, upgrade
from tortoise_kit.development.testing import run_python

pytestmark = [pytest.mark.slow, pytest.mark.only("sqlite")]  # starts processes, whatever the database

SUITE = """
import asyncio, sys
from tests.support.processes import serving

async def main():
    async with serving(sys.argv[1], "--workers", "2") as (_, client):
        print(client.base_url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


COMMAND = """
import os, sys

print(sys.argv[1:], __name__, os.environ["WHO"], sys.stdin.read())
print("a warning", file=sys.stderr)
match sys.argv[1]:
    case "fails":
        sys.exit("it failed")
    case "raises":
        raise LookupError(sys.argv[1])
    case "dies":
        os.kill(os.getpid(), 9)
    case "hangs":
        print(os.getpid(), file=open("pid", "w"), flush=True)
        os.read(os.pipe()[0], 1)
"""


async def nobody_listens(url: httpx2.URL) -> None:
    with anyio.fail_after(STOP_SECONDS), pytest.raises(OSError, match="All connection attempts failed"):
        while True:
            stream = await anyio.connect_tcp(url.host, url.port or 80)
            await stream.aclose()
            await anyio.sleep(0.01)  # until the system has cleared the processes away


async def test_a_server_of_a_test_leaves_no_worker_behind(empty_database_url: str) -> None:
    await upgrade(empty_database_url)

    async with serving(empty_database_url, "--workers", "2") as (_, client):
        pass

    await nobody_listens(client.base_url)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
async def test_a_suite_that_is_killed_leaves_no_server_behind(empty_database_url: str) -> None:
    await upgrade(empty_database_url)
    suite = await anyio.open_process([sys.executable, "-c", SUITE, empty_database_url], cwd=PROJECT_FILE.parent)
    async with suite:
        assert suite.stdout is not None
        url = (await suite.stdout.receive()).decode().strip()
        suite.kill()

    await nobody_listens(httpx2.URL(url))


async def run_command(folder: Path, argument: str, **options: Any) -> tuple[int, bytes, list[bytes]]:
    ended = await run_python(
        "-m", "command", argument, folder=folder, environment={"WHO": "Ann"}, stdin="a line", **options
    )
    said = ended.stderr.splitlines()
    return ended.returncode, ended.stdout, [said[0], said[-1]] if said else []


@pytest.mark.parametrize("argument", ["passes", "fails", "raises", "dies"])
async def test_a_forked_command_does_what_a_new_process_does(tmp_path: Path, argument: str) -> None:
    (tmp_path / "command.py").write_text(COMMAND)

    forked = await run_command(tmp_path, argument, preload="json")

    assert forked == await run_command(tmp_path, argument)


@pytest.mark.parametrize("options", [{}, {"preload": "json"}], ids=["new", "forked"])
async def test_a_command_that_takes_too_long_is_killed(tmp_path: Path, options: dict[str, str]) -> None:
    (tmp_path / "command.py").write_text(COMMAND)

    with pytest.raises(TimeoutError):
        await run_command(tmp_path, "hangs", seconds=2.0, **options)

    pid = int((tmp_path / "pid").read_text())
    with anyio.fail_after(STOP_SECONDS), pytest.raises(ProcessLookupError):
        while True:
            os.kill(pid, 0)
            await anyio.sleep(0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks commands")
async def test_what_a_command_imports_and_cannot_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises((ChildProcessError, ConnectionError)):
        await run_command(tmp_path, "passes", preload="nothing")

    assert "No module named 'nothing'" in capfd.readouterr().err
