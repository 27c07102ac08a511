"""`python -m app cleanup`, whatever features there are."""

import re
from datetime import timedelta

import pytest

from app.accounts.models import RefreshToken
from tests.accounts.factories import begin, make_user
from tests.support.processes import run_app

pytestmark = pytest.mark.slow  # starts processes


async def test_a_dry_run_counts_expired_rows_and_a_run_deletes_them(db: None, session_database_url: str) -> None:
    for _ in range(5):
        await begin(await make_user(), -timedelta(seconds=1))
    await begin(await make_user())

    dry = await run_app(session_database_url, "cleanup", "--dry-run")
    left_by_dry = await RefreshToken.all().count()
    wet = await run_app(session_database_url, "cleanup", "--batch", "2")

    assert (dry.returncode, wet.returncode) == (0, 0), wet.stderr
    assert b"Would delete 5 expired refresh tokens.\n" in dry.stdout
    assert b"Deleted 5 expired refresh tokens.\n" in wet.stdout
    assert (left_by_dry, await RefreshToken.all().count()) == (6, 1)


@pytest.mark.only("sqlite")
async def test_a_database_without_migrations_is_reported_in_one_line(empty_database_url: str) -> None:
    ended = await run_app(empty_database_url, "cleanup")

    assert ended.returncode == 1
    assert re.fullmatch(rb"Not cleaned up: [^\n]+\n", ended.stderr)
