"""Several workers: one that cannot start ends the server, and one that ends is replaced, both at once."""

from pathlib import Path

import anyio
import httpx2
import pytest

from tortoise_kit.development.testing import run_python, serving

pytestmark = [pytest.mark.slow, pytest.mark.only]  # starts processes; there is no database

HEALTHCHECK_SECONDS = 600  # longer than any test waits
SECONDS = 60
AS_A_PROBE = {"Connection": "close"}  # a new connection for each request
RUN = f"""
import sys
from tortoise_kit.server import run_server

if __name__ == "__main__":
    run_server(
        "served:app", workers=2, port=int(sys.argv[-1]), timeout_worker_healthcheck={HEALTHCHECK_SECONDS}
    )
"""
APP = """
import os

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        STARTED
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
    else:
        if scope["path"] == "/exit":
            os._exit(1)
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": str(os.getpid()).encode()})
"""
BROKEN = {  # after the parent's first health check has begun
    "an import": "import time\ntime.sleep(1)\nimport nowhere",
    "a start": APP.replace("STARTED", "import time; time.sleep(1); await send({'type': 'lifespan.startup.failed'})"),
}


def project(folder: Path, app: str) -> dict[str, str]:
    """The environment of a server of this application."""
    (folder / "run.py").write_text(RUN, encoding="utf-8")
    (folder / "served.py").write_text(app, encoding="utf-8")
    return {"PYTHONPATH": f"{folder}:{Path(__file__).parents[3]}"}


@pytest.mark.parametrize("what", BROKEN)
async def test_a_worker_that_cannot_start_ends_the_server_at_once(what: str, tmp_path: Path) -> None:
    environment = project(tmp_path, BROKEN[what])
    ended = await run_python("run.py", "0", folder=tmp_path, environment=environment)

    assert ended.returncode == 3
    assert (b"ModuleNotFoundError" in ended.stderr) == (what == "an import")


async def test_a_worker_that_ends_later_is_replaced_at_once(tmp_path: Path) -> None:
    environment = project(tmp_path, APP.replace("STARTED", "pass"))
    async with serving("run.py", folder=tmp_path, environment=environment, ready=("/", 200)) as (process, client):
        before = await processes(client)
        with pytest.raises(httpx2.TransportError):
            await client.get("/exit", headers=AS_A_PROBE)
        after = await processes(client)

        assert process.returncode is None
    assert len(before & after) == 1


async def processes(client: httpx2.AsyncClient) -> set[str]:
    """Both workers, by what they respond."""
    found: set[str] = set()
    with anyio.fail_after(SECONDS):
        while len(found) < 2:
            try:
                found.add((await client.get("/", headers=AS_A_PROBE)).text)
            except httpx2.TransportError:
                await anyio.sleep(0.05)
    return found
