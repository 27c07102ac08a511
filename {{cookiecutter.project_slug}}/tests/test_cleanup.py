"""`python -m app cleanup`, whatever features there are."""

import os
import re
import sys
from datetime import timedelta
from subprocess import CompletedProcess

import anyio

from app.accounts.models import RefreshToken
from app.settings import PROJECT_FILE
from tests.accounts.factories import make_user
from tests.accounts.sessions import begin


async def run(database_url: str, *arguments: str) -> CompletedProcess[bytes]:
    with anyio.fail_after(60):
        return await anyio.run_process(
            [sys.executable, "-m", "app", "cleanup", *arguments],
            check=False,
            cwd=PROJECT_FILE.parent,
            env={**os.environ, "DATABASE_URL": database_url},
        )


async def test_dead_rows_are_counted_by_a_dry_run_and_deleted_by_a_run(db: None, session_database_url: str) -> None:
    for _ in range(5):
        await begin(await make_user(), -timedelta(seconds=1))
    await begin(await make_user())

    dry = await run(session_database_url, "--dry-run")
    left_by_dry = await RefreshToken.all().count()
    wet = await run(session_database_url, "--batch", "2")
    again = await run(session_database_url)

    assert (dry.returncode, wet.returncode, again.returncode) == (0, 0, 0), wet.stderr
    assert b"Would delete 5 expired refresh tokens.\n" in dry.stdout
    assert b"Deleted 5 expired refresh tokens.\n" in wet.stdout
    assert b"Deleted 0 expired refresh tokens.\n" in again.stdout
    assert (left_by_dry, await RefreshToken.all().count()) == (6, 1)


async def test_a_database_that_is_not_migrated_is_told_in_one_line(empty_database_url: str) -> None:
    ended = await run(empty_database_url)

    assert ended.returncode == 1
    assert re.fullmatch(rb"Not cleaned up: [^\n]+\n", ended.stderr)
