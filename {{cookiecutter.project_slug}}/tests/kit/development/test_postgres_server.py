"""The suite's own Postgres goes when the suite does, however that ends."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import anyio
import asyncpg
import pytest

from tortoise_kit.development.testing import postgres

START_SECONDS = 90
GONE_SECONDS = 15
SERVER = Path(postgres.__file__)
# What pytest does to get a server, in a process that can be killed.
OWNER = """
import subprocess, sys, time
server = subprocess.Popen([sys.executable, sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
print(server.stdout.readline(), end="", flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL], ids=lambda ending: ending.name)
async def test_a_server_goes_with_its_files_when_its_owner_ends(ending: signal.Signals) -> None:
    async with await anyio.open_process(
        [sys.executable, "-c", OWNER, str(SERVER)], stderr=None, start_new_session=True
    ) as owner:
        assert owner.stdout is not None
        with anyio.fail_after(START_SECONDS):
            url = (await owner.stdout.receive()).decode().strip()
        server = await asyncpg.connect(url, timeout=GONE_SECONDS)
        folder = Path(await server.fetchval("SHOW data_directory")).parent
        await server.close()

        owner.send_signal(ending)
        with anyio.fail_after(GONE_SECONDS):
            await owner.wait()
            while folder.exists():  # noqa: ASYNC110 -- another process removes it
                await anyio.sleep(0.05)

    with pytest.raises(OSError, match=re.escape("Connect call failed")):
        await asyncpg.connect(url, timeout=GONE_SECONDS)


@pytest.mark.parametrize("closed", [False, True], ids=["from nowhere", "closed"])
async def test_a_server_in_the_background_runs_until_a_signal(*, closed: bool) -> None:
    shell = f'"{sys.executable}" "{SERVER}" {"<&-" if closed else "</dev/null"} & echo $!; wait'
    async with await anyio.open_process(["sh", "-c", shell], stderr=None, start_new_session=True) as job:
        assert job.stdout is not None
        with anyio.fail_after(START_SECONDS):
            lines = ""
            while "postgres://" not in lines or not lines.endswith("\n"):
                lines += (await job.stdout.receive()).decode()
        process, url = lines.split()
        await anyio.sleep(1)  # in which the end of its input would have ended it
        server = await asyncpg.connect(url, timeout=GONE_SECONDS)
        folder = Path(await server.fetchval("SHOW data_directory")).parent
        await server.close()

        os.kill(int(process), signal.SIGTERM)
        with anyio.fail_after(GONE_SECONDS):
            await job.wait()
            assert not folder.exists()


NO_PROGRAMS = 8  # ST_NOEXEC


@pytest.mark.skipif(sys.platform != "linux", reason="others have no such folder")
@pytest.mark.parametrize(("free", "flags", "found"), [(2**31, 0, True), (2**26, 0, False), (2**31, NO_PROGRAMS, False)])
def test_files_lie_in_memory_where_it_is_large_and_runs_programs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, flags: int, *, found: bool
) -> None:
    monkeypatch.setattr(postgres, "MEMORY", tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    monkeypatch.setattr("os.statvfs", lambda _: SimpleNamespace(f_flag=flags))

    assert postgres.in_memory() == ([tmp_path] if found else [])


def test_without_the_wheel_the_script_says_what_to_do() -> None:
    ended = subprocess.run(  # noqa: S603 -- this suite's own script
        [sys.executable, "-S", "-c", f"import runpy; runpy.run_path({str(SERVER)!r}, run_name='__main__')"],
        capture_output=True,
        text=True,
        timeout=GONE_SECONDS,
        check=False,
    )

    assert ended.returncode == 1
    assert "TEST_DATABASE_URL" in ended.stderr
