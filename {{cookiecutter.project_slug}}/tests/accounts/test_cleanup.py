from datetime import UTC, datetime, timedelta
from uuid import uuid4

from httpx import AsyncClient

from app.accounts.cleanup import expired
from app.accounts.models import RefreshToken
from app.cli.cleanup import delete_dead
from tests.accounts.factories import make_user
from tests.accounts.sessions import begin, refresh
from tests.support.plans import LIMIT, ROWS, analyze, costs_of
from tortoise_kit.sql.compiled import statement_of

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


async def test_tokens_of_expired_logins_are_deleted_and_others_still_work(client: AsyncClient) -> None:
    for _ in range(2):
        await begin(await make_user(), -HOUR)
    token = await begin(await make_user())

    totals = await delete_dead(batch=10)

    assert totals["expired refresh tokens"] == 2
    assert (await refresh(client, token)).status_code == 200


async def test_a_stolen_token_is_detected_after_a_cleanup_too(client: AsyncClient) -> None:
    used = await begin(await make_user())
    current = (await refresh(client, used)).json()["refresh_token"]

    await delete_dead(batch=10)

    assert [(await refresh(client, token)).status_code for token in (used, current)] == [401, 401]


async def test_an_index_finds_expired_tokens(db: None) -> None:
    user = await make_user()
    await RefreshToken.bulk_create(
        [
            RefreshToken(user=user, token_hash=f"{n}", family=uuid4(), expires_at=NOW + HOUR * (n - ROWS // 2))
            for n in range(ROWS)
        ]
    )
    await analyze()
    [(_, rows)] = expired(NOW)

    assert await costs_of(statement_of(rows.limit(LIMIT)), "default") == []
