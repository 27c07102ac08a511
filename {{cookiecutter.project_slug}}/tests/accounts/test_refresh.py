"""Refresh tokens: renewal, reuse, logout, and what a cleanup deletes."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from httpx2 import AsyncClient

from app.accounts.cleanup import expired
from app.accounts.models import LoginAttempt, RefreshToken
from app.cli.maintenance import delete_expired
from tests.accounts.factories import AUTH, begin, log_out, make_user, me, refresh
from tortoise_kit.development.testing import ROWS, analyze, assert_index_serves_rows

ROUNDS = 5


async def renewed(client: AsyncClient, token: str) -> str:
    answer = await refresh(client, token)
    assert answer.status_code == 200, answer.text
    following: str = answer.json()["refresh_token"]
    return following


async def valid(client: AsyncClient, token: str) -> bool:
    return (await refresh(client, token)).status_code == 200


async def test_a_refresh_returns_a_new_pair_for_the_same_user(client: AsyncClient) -> None:
    user = await make_user()
    first = await begin(user)

    answer = await refresh(client, first)

    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["refresh_token"] != first
    assert (await me(client, answer.json()["access_token"])).json()["id"] == user.id


async def test_a_login_is_renewed_many_times(client: AsyncClient) -> None:
    token = await begin(await make_user())
    for _ in range(5):
        token = await renewed(client, token)

    assert await RefreshToken.all().count() == 1


async def test_a_reused_token_revokes_its_family_and_no_other(client: AsyncClient) -> None:
    user = await make_user()
    first, other_device = await begin(user), await begin(user)
    second = await renewed(client, first)
    third = await renewed(client, second)

    reused = await refresh(client, first)

    assert (reused.status_code, reused.json()["type"]) == (401, "urn:problem:invalid-refresh-token")
    assert not await valid(client, third)
    assert await valid(client, other_device)


async def test_a_reused_token_ends_access_tokens_at_once_and_other_logins_renew_theirs(client: AsyncClient) -> None:
    user = await make_user()
    first, other_device = await begin(user), await begin(user)
    thief = (await refresh(client, first)).json()["access_token"]
    owner = (await refresh(client, other_device)).json()
    before = [(await me(client, token)).status_code for token in (thief, owner["access_token"])]

    await refresh(client, first)

    assert before == [200, 200]
    assert [(await me(client, token)).status_code for token in (thief, owner["access_token"])] == [401, 401]
    renewed_access = (await refresh(client, owner["refresh_token"])).json()["access_token"]
    assert (await me(client, renewed_access)).status_code == 200


async def test_one_of_several_simultaneous_refreshes_wins_and_the_family_is_revoked(client: AsyncClient) -> None:
    for _ in range(ROUNDS):
        token = await begin(await make_user())

        answers = await asyncio.gather(*(refresh(client, token) for _ in range(4)))

        assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
        winner = next(answer for answer in answers if answer.status_code == 200)
        assert not await valid(client, winner.json()["refresh_token"])
        assert (await me(client, winner.json()["access_token"])).status_code == 401


async def test_no_token_survives_while_its_family_is_revoked(client: AsyncClient) -> None:
    for _ in range(ROUNDS):
        used = await begin(await make_user())
        current = await renewed(client, used)

        await asyncio.gather(refresh(client, current), refresh(client, used), refresh(client, used))

        assert await RefreshToken.all().count() == 0


async def test_no_token_survives_while_its_family_is_logged_out(client: AsyncClient) -> None:
    for _ in range(ROUNDS):
        token = await begin(await make_user())

        await asyncio.gather(refresh(client, token), log_out(client, token))

        assert await RefreshToken.all().count() == 0


async def test_renewals_do_not_extend_the_lifetime_of_a_login(client: AsyncClient) -> None:
    token = await begin(await make_user(), timedelta(days=1))
    (before,) = await RefreshToken.all()
    following = await renewed(client, token)
    (after,) = await RefreshToken.all()

    await RefreshToken.all().update(expires_at=before.expires_at - timedelta(days=1))

    assert after.expires_at == before.expires_at
    assert not await valid(client, following)


async def test_a_logout_with_any_token_of_a_login_ends_it_and_no_other(client: AsyncClient) -> None:
    user = await make_user()
    first, other_device = await begin(user), await begin(user)
    second = await renewed(client, first)

    answer = await log_out(client, first)

    assert answer.status_code == 204
    assert not await valid(client, second)
    assert await valid(client, other_device)


async def test_a_logout_with_an_unknown_token_succeeds(client: AsyncClient) -> None:
    assert (await log_out(client, "x")).status_code == 204


async def test_a_refresh_token_that_cannot_be_encoded_is_rejected(client: AsyncClient) -> None:
    for route in ("refresh", "logout"):
        answer = await client.post(
            f"{AUTH}/{route}", content=r'{"refresh_token": "\ud800"}', headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 422


async def test_an_unknown_refresh_token_is_rejected_and_changes_nothing(client: AsyncClient) -> None:
    await begin(await make_user())

    assert [(await refresh(client, token)).status_code for token in ("", "x" * 43, "x" * 100)] == [401] * 3
    assert [(await refresh(client, token)).status_code for token in ("x" * 101,)] == [422]
    assert await RefreshToken.all().count() == 1


NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


async def test_a_cleanup_deletes_expired_tokens_only(client: AsyncClient) -> None:
    for _ in range(2):
        await begin(await make_user(), -HOUR)
    token = await begin(await make_user())

    totals = await delete_expired(batch=10)

    assert totals["expired refresh tokens"] == 2
    assert (await refresh(client, token)).status_code == 200


async def test_a_reused_token_is_still_detected_after_a_cleanup(client: AsyncClient) -> None:
    used = await begin(await make_user())
    current = (await refresh(client, used)).json()["refresh_token"]

    await delete_expired(batch=10)

    assert [(await refresh(client, token)).status_code for token in (used, current)] == [401, 401]


async def test_an_index_finds_expired_tokens(db: None) -> None:
    user = await make_user()
    await RefreshToken.bulk_create(
        [
            RefreshToken(user=user, token_hash=f"{n}", family=uuid4(), expires_at=NOW + HOUR * (n - ROWS // 2))
            for n in range(ROWS)
        ]
    )
    await LoginAttempt.bulk_create(
        [LoginAttempt(key=f"{n}", attempts=1, resets_at=0, known_until=0, expires_at=n * 1e7) for n in range(ROWS)]
    )
    await analyze()

    for _, rows in expired(NOW):
        await assert_index_serves_rows(rows)
