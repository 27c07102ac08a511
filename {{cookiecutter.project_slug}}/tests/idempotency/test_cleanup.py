from datetime import UTC, datetime, timedelta

from app.cli.maintenance import delete_expired
from app.idempotency.cleanup import expired
from app.idempotency.models import IdempotencyKey
from tests.accounts.factories import make_user
from tortoise_kit.development.testing import ROWS, analyze, assert_index_serves_rows

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


async def make_keys(*moments: datetime) -> None:
    """Keys of one user that expire at these moments."""
    caller = await make_user()
    await IdempotencyKey.bulk_create(
        [
            IdempotencyKey(caller=caller, key=f"{number}", digest="d", status=201, expires_at=moment)
            for number, moment in enumerate(moments)
        ]
    )


async def test_expired_keys_are_deleted_and_others_stay(db: None) -> None:
    await make_keys(NOW - HOUR, NOW + HOUR, NOW)

    totals = await delete_expired(batch=10)

    assert totals["expired idempotency keys"] == 2
    assert [row.key for row in await IdempotencyKey.all()] == ["1"]


async def test_an_index_finds_expired_keys(db: None) -> None:
    await make_keys(*(NOW + HOUR * (n - ROWS // 2) for n in range(ROWS)))
    await analyze()
    [(_, rows)] = expired(NOW)

    await assert_index_serves_rows(rows)
