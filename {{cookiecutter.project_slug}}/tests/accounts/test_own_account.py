"""What users change about themselves: password, name, e-mail address."""

import asyncio
from typing import Any

import pytest
from httpx2 import AsyncClient

from app.accounts import logins
from app.accounts.models import AccountEvent, Event, RefreshToken, User
from tests.accounts.factories import (
    AUTH,
    NEW_PASSWORD,
    PASSWORD,
    change_password,
    log_in,
    password_hash,
    refresh,
    survivors,
)
from tests.support.clients import UserClient

ROUNDS = 5


async def pair_of(client: AsyncClient) -> dict[str, str]:
    pair: dict[str, str] = (await log_in(client, "ann@example.com")).json()
    return pair


async def test_a_new_password_ends_all_logins_but_the_one_it_returns(client: AsyncClient, ann: User) -> None:
    here, elsewhere = [await pair_of(client) for _ in range(2)]
    renewed = (await refresh(client, elsewhere["refresh_token"])).json()

    answer = await change_password(client, here["access_token"], NEW_PASSWORD)

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert await survivors(client, here, elsewhere, renewed) == []
    assert await survivors(client, answer.json()) == ["access", "refresh"]
    assert [(await log_in(client, ann.email, each)).status_code for each in (PASSWORD, NEW_PASSWORD)] == [401, 200]


async def test_a_wrong_current_password_changes_nothing_and_ends_no_login(client: AsyncClient, ann: User) -> None:
    pair = await pair_of(client)

    answer = await change_password(client, pair["access_token"], NEW_PASSWORD, current="wrong horse battery")

    assert (answer.status_code, answer.json()["type"]) == (422, "urn:problem:wrong-password")
    assert await survivors(client, pair) == ["access", "refresh"]
    assert (await log_in(client, ann.email)).status_code == 200


async def test_a_login_with_the_old_password_does_not_survive_a_change_while_it_is_verified(
    client: AsyncClient, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = await pair_of(client)
    verified, changed = asyncio.Event(), asyncio.Event()
    begin = logins.begin

    async def late(*args: Any, **options: Any) -> str:
        verified.set()
        await changed.wait()
        return await begin(*args, **options)

    monkeypatch.setattr(logins, "begin", late)
    login = asyncio.create_task(log_in(client, ann.email))
    await asyncio.wait_for(verified.wait(), 10)

    answer = await change_password(client, pair["access_token"], NEW_PASSWORD)
    changed.set()

    assert answer.status_code == 200
    assert ((await login).status_code, (await login).json()["type"]) == (401, "urn:problem:wrong-credentials")
    assert await RefreshToken.filter(user_id=ann.id).count() == 1


async def test_no_old_token_survives_logins_and_refreshes_at_the_time_of_a_change(
    client: AsyncClient, ann: User
) -> None:
    password, new = PASSWORD, NEW_PASSWORD
    for _ in range(ROUNDS):
        pairs = [(await log_in(client, ann.email, password)).json() for _ in range(3)]

        changed, *others = await asyncio.gather(
            change_password(client, pairs[0]["access_token"], new, current=password),
            *(refresh(client, pair["refresh_token"]) for pair in pairs[1:]),
            *(log_in(client, ann.email, password) for _ in range(2)),
        )

        assert changed.status_code == 200
        assert await RefreshToken.filter(user_id=ann.id).count() == 1
        late = [answer.json() for answer in others if answer.status_code == 200]
        assert await survivors(client, *pairs, *late) == []
        assert await survivors(client, changed.json()) == ["access", "refresh"]
        password, new = new, password


async def test_of_two_changes_with_one_password_at_once_one_succeeds(client: AsyncClient, ann: User) -> None:
    pair = await pair_of(client)
    answers = await asyncio.gather(
        *(change_password(client, pair["access_token"], f"{NEW_PASSWORD} {n}") for n in range(2))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 401]
    winner = [answer.status_code for answer in answers].index(200)
    logged_in = [(await log_in(client, ann.email, f"{NEW_PASSWORD} {n}")).status_code for n in range(2)]
    assert logged_in == [200 if n == winner else 401 for n in range(2)]


async def test_a_name_changes_without_a_password_and_what_is_left_out_stays(member: UserClient) -> None:
    answer = await member.patch(f"{AUTH}/me", json={"name": "Zoë"})

    assert (answer.status_code, answer.json()["name"], answer.json()["email"]) == (200, "Zoë", member.user.email)
    assert (await member.patch(f"{AUTH}/me", json={})).json() == answer.json()
    assert [event.kind for event in await AccountEvent.all()] == [Event.RENAMED]


async def test_a_new_address_takes_the_current_password_and_is_the_one_to_log_in_with(
    client: AsyncClient, member: UserClient
) -> None:
    await User.filter(id=member.user.id).update(password_hash=password_hash())
    new = {"email": "Zoe@Example.com"}

    answers = [
        await member.patch(f"{AUTH}/me", json={**new, **password})
        for password in ({}, {"current_password": "wrong"}, {"current_password": PASSWORD})
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 200]
    assert answers[1].json()["type"] == "urn:problem:wrong-password"
    assert answers[2].json()["email"] == "zoe@example.com"
    found = [(await log_in(client, email)).status_code for email in (member.user.email, "zoe@example.com")]
    assert found == [401, 200]


async def test_an_address_that_has_an_account_is_a_conflict_and_nothing_changes(member: UserClient, ann: User) -> None:
    await User.filter(id=member.user.id).update(password_hash=password_hash())
    taken = {"name": "Zoë", "email": ann.email, "current_password": PASSWORD}

    answer = await member.patch(f"{AUTH}/me", json=taken)

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:problem:email-taken")
    assert (await member.get(f"{AUTH}/me")).json()["name"] == member.user.name
    assert await AccountEvent.all().count() == 0
