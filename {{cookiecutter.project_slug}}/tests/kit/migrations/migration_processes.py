"""A copy of the service whose history grows, and the processes that migrate with it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import anyio
from anyio.abc import Process

from app.features import MODELS_APP
from app.settings import Settings
from tortoise_kit import migrations
from tortoise_kit.development.testing import Row, execute

END_SECONDS = 60
UPGRADE = ("migrations", "upgrade")

FILE = """
RUN_IN_TRANSACTION = {whole}


async def upgrade(db):
    {work}


async def downgrade(db):
    return "SELECT 1"


MODELS_STATE{state}
"""


@dataclass(frozen=True)
class Ended:
    """How a process ended, and what it said."""

    code: int | None
    out: str
    err: str


@dataclass(frozen=True)
class Service:
    """A copy of the service in `folder`, on the database at `url`."""

    folder: Path
    url: str

    @property
    def migrations(self) -> list[Path]:
        return sorted((self.folder / "migrations" / MODELS_APP).glob("[0-9]*.py"), key=lambda path: _number(path.name))

    def add(self, name: str, work: str, *, whole: bool = True) -> str:
        """A further file whose `upgrade` does `work`, statements of Python; returns its name."""
        newest = self.migrations[-1]
        state = newest.read_text(encoding="utf-8").partition("MODELS_STATE")[2]
        path = newest.with_name(f"{_number(newest.name) + 1}_20270101000000_{name}.py")
        path.write_text(FILE.format(whole=whole, work=work.strip(), state=state), encoding="utf-8")
        return path.name

    async def upgrade_in_this_process(self) -> None:
        """For what a test needs before it starts; another process takes its time to start."""
        settings = Settings(environment="test", database_url=self.url)
        await migrations.upgrade(
            settings.tortoise_for_migrations(), location=self.folder / "migrations", app=MODELS_APP
        )

    async def start(self, *arguments: str, **environment: str) -> Process:
        return await anyio.open_process(
            [sys.executable, "-m", "app", *arguments],
            cwd=self.folder,
            env={**os.environ, "DATABASE_URL": self.url, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    async def run(self, *arguments: str, **environment: str) -> Ended:
        with anyio.fail_after(END_SECONDS):
            ended = await anyio.run_process(
                [sys.executable, "-m", "app", *arguments],
                check=False,
                cwd=self.folder,
                env={**os.environ, "DATABASE_URL": self.url, **environment},
            )
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    async def upgrades_at_once(self, number: int) -> list[Ended]:
        ended: list[Ended] = []

        async def upgrade() -> None:
            ended.append(await self.run(*UPGRADE))

        async with anyio.create_task_group() as group:
            for _ in range(number):
                group.start_soon(upgrade)
        return ended

    async def recorded(self) -> list[Row]:
        return await execute(self.url, "SELECT version FROM aerich ORDER BY id")

    async def everything_is_applied_once(self) -> bool:
        return await self.recorded() == [(path.name,) for path in self.migrations]


def _number(name: str) -> int:
    return int(name.partition("_")[0])
