"""`python -m app cleanup`, whatever features there are."""

import re
from datetime import timedelta

import pytest

from app.accounts.models import RefreshToken
from tests.accounts.factories import begin, make_user
from tests.support.processes import run_app

pytestmark = pytest.mark.slow  # processes of their own


async def test_dead_rows_are_counted_by_a_dry_run_and_deleted_by_a_run(db: None, session_database_url: str) -> None:
    for _ in range(5):
        await begin(await make_user(), -timedelta(seconds=1))
    await begin(await make_user())

    dry = await run_app(session_database_url, "cleanup", "--dry-run")
    left_by_dry = await RefreshToken.all().count()
    wet = await run_app(session_database_url, "cleanup", "--batch", "2")
    again = await run_app(session_database_url, "cleanup")

    assert (dry.returncode, wet.returncode, again.returncode) == (0, 0, 0), wet.stderr
    assert b"Would delete 5 expired refresh tokens.\n" in dry.stdout
    assert b"Deleted 5 expired refresh tokens.\n" in wet.stdout
    assert b"Deleted 0 expired refresh tokens.\n" in again.stdout
    assert (left_by_dry, await RefreshToken.all().count()) == (6, 1)


async def test_a_database_that_is_not_migrated_is_told_in_one_line(empty_database_url: str) -> None:
    ended = await run_app(empty_database_url, "cleanup")

    assert ended.returncode == 1
    assert re.fullmatch(rb"Not cleaned up: [^\n]+\n", ended.stderr)
