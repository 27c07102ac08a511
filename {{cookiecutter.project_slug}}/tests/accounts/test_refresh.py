import asyncio
from datetime import timedelta

from httpx import AsyncClient

from app.accounts.models import RefreshToken
from tests.accounts.factories import make_user
from tests.accounts.sessions import AUTH, begin, log_out, me, refresh

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


async def test_a_login_can_be_refreshed_repeatedly(client: AsyncClient) -> None:
    token = await begin(await make_user())
    for _ in range(5):
        token = await renewed(client, token)

    assert await RefreshToken.filter(used_at=None).count() == 1


async def test_a_reused_token_revokes_its_whole_family_and_no_other(client: AsyncClient) -> None:
    user = await make_user()
    first, other_device = await begin(user), await begin(user)
    second = await renewed(client, first)
    third = await renewed(client, second)

    reused = await refresh(client, first)

    assert (reused.status_code, reused.json()["type"]) == (401, "urn:problem:invalid-refresh-token")
    assert not await valid(client, third)
    assert await valid(client, other_device)


async def test_of_many_concurrent_uses_of_a_token_one_succeeds_and_the_family_is_revoked(client: AsyncClient) -> None:
    for _ in range(ROUNDS):
        token = await begin(await make_user())

        answers = await asyncio.gather(*(refresh(client, token) for _ in range(4)))

        assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
        winner = next(answer for answer in answers if answer.status_code == 200)
        assert not await valid(client, winner.json()["refresh_token"])
        assert (await me(client, winner.json()["access_token"])).status_code == 200


async def test_no_token_survives_a_concurrent_revocation_of_its_family(client: AsyncClient) -> None:
    for _ in range(ROUNDS):
        used = await begin(await make_user())
        current = await renewed(client, used)

        await asyncio.gather(refresh(client, current), refresh(client, used), refresh(client, used))

        assert await RefreshToken.all().count() == 0


async def test_no_token_survives_a_concurrent_logout(client: AsyncClient) -> None:
    for _ in range(ROUNDS):
        token = await begin(await make_user())

        await asyncio.gather(refresh(client, token), log_out(client, token))

        assert await RefreshToken.all().count() == 0


async def test_a_login_ends_after_its_lifetime_however_often_it_was_refreshed(client: AsyncClient) -> None:
    token = await begin(await make_user(), timedelta(days=1))
    (before,) = await RefreshToken.all()
    following = await renewed(client, token)
    after = await RefreshToken.get(used_at=None)

    await RefreshToken.all().update(expires_at=before.expires_at - timedelta(days=1))

    assert after.expires_at == before.expires_at
    assert not await valid(client, following)


async def test_any_token_of_a_login_ends_it_and_no_other(client: AsyncClient) -> None:
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


async def test_an_invalid_refresh_token_is_rejected(client: AsyncClient) -> None:
    await begin(await make_user())

    assert [(await refresh(client, token)).status_code for token in ("", "x" * 43, "x" * 100)] == [401] * 3
    assert [(await refresh(client, token)).status_code for token in ("x" * 101,)] == [422]
    assert await RefreshToken.all().count() == 1
