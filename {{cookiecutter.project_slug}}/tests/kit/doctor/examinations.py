"""Plant a fault in a database, examine it, and run the remedy."""

import subprocess
from collections.abc import Sequence
from typing import Any

from tortoise_kit.db.config import PoolSettings, tortoise_config
from tortoise_kit.development.testing import execute
from tortoise_kit.doctor import Deployment, Finding, Report, examine

FLUSH = "SELECT pg_stat_force_next_flush()"  # or the server counts with a delay of a second
SECONDS_MAX = 30


async def examined(url: str, pool: PoolSettings | None = None, **deployment: Any) -> Report:
    """The report of a database without migrations."""
    pool = pool or PoolSettings()
    replica = deployment.pop("replica_url", "")
    lag = deployment.pop("replica_max_lag", 2.0)
    config = tortoise_config(
        url, models=["tests.kit.library"], app="library", pool=pool, replica_url=replica, replica_max_lag=lag
    )
    return await examine(config, Deployment(pool=pool, **deployment))


async def found(url: str, kind: str, **deployment: Any) -> list[Finding]:
    """The findings of one kind."""
    return [each for each in (await examined(url, **deployment)).findings if each.kind == kind]


async def run_sql(url: str, statements: Sequence[str]) -> None:
    """Run statements, each in its own transaction, and have the server count them at once."""
    flush = [] if url.startswith("sqlite") else [FLUSH]
    await execute(url, *statements, *flush)


async def cure(url: str, one: Finding) -> None:
    """Paste the remedy: lines of SQL into the database, or a command into a shell."""
    if one.remedy.endswith(";"):
        await run_sql(url, one.remedy.splitlines())
    else:
        subprocess.run(one.remedy, shell=True, check=True, timeout=SECONDS_MAX)  # noqa: S602, ASYNC221 -- as a person does
