"""A streaming replica of the suite's Postgres, and how far it is behind."""

import time
from collections.abc import Generator
from contextlib import contextmanager

import anyio

from tests.kit.chaos.server import Server, running

CATCH_UP_SECONDS = 10


@contextmanager
def replica_of(primary: Server) -> Generator[Server]:
    """A started replica of all databases of `primary`."""
    with running("replica", primary.url) as replica:
        yield replica


async def caught_up(primary: Server, replica: Server) -> float:
    """Wait until the replica has everything that the primary has now; returns the seconds it took."""
    begun = time.perf_counter()
    (row,) = await primary.query("SELECT pg_current_wal_lsn()::text AS lsn")
    with anyio.fail_after(CATCH_UP_SECONDS):
        while True:
            (there,) = await replica.query("SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn AS yes", row["lsn"])
            if there["yes"]:
                return time.perf_counter() - begun
            await anyio.sleep(0.01)


async def pause(replica: Server) -> None:
    """Let the replica lag: it receives, but replays nothing until `resume`."""
    await replica.query("SELECT pg_wal_replay_pause()")


async def resume(replica: Server) -> None:
    """Let the replica replay again."""
    await replica.query("SELECT pg_wal_replay_resume()")
