"""Accounts as admins run them over HTTP."""

import asyncio
from typing import Any

import pytest
from httpx2 import AsyncClient

from app.accounts import service
from app.accounts.models import AccountEvent, Role, User
from app.accounts.schemas import UserPatch
from tests.accounts.factories import (
    AUTH,
    NEW_PASSWORD,
    PASSWORD,
    USERS,
    log_in,
    make_user,
    survivors,
)
from tests.support.clients import UserClient
from tortoise_kit.problems import Conflict

ROUNDS = 5


async def patch(admin: UserClient, user: User, **changes: Any) -> int:
    return (await admin.patch(f"{USERS}/{user.id}", json=changes)).status_code


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["ben", "ann", "admin"]),
        ("role=member", ["ben", "ann"]),
        ("role=admin&is_active=true", ["admin"]),
        ("is_active=false", ["ben"]),
        ("email=ANN@example.com", ["ann"]),
        ("email=ann@example.com&is_active=false", []),
    ],
)
async def test_users_are_found_by_role_activity_and_address(
    admin: UserClient, ann: User, query: str, found: list[str]
) -> None:
    names = {admin.user.id: "admin", ann.id: "ann"}
    await make_user(email="ben@example.com", is_active=False)

    items = (await admin.get(f"{USERS}?{query}")).json()["items"]

    assert [names.get(item["id"], "ben") for item in items] == found
    assert not [item for item in items if {"password_hash", "token_generation"} & item.keys()]


async def test_a_deactivation_ends_every_login_and_an_activation_revives_none(
    client: AsyncClient, admin: UserClient, ann: User
) -> None:
    pairs = [(await log_in(client, ann.email)).json() for _ in range(2)]

    assert await patch(admin, ann, is_active=False) == 200
    assert (await log_in(client, ann.email)).status_code == 401
    assert await patch(admin, ann, is_active=True) == 200

    assert await survivors(client, *pairs) == []
    assert (await log_in(client, ann.email)).status_code == 200


async def test_no_login_survives_a_deactivation_at_the_same_time(
    client: AsyncClient, admin: UserClient, ann: User
) -> None:
    for _ in range(ROUNDS):
        logins = [asyncio.create_task(log_in(client, ann.email)) for _ in range(3)]
        await patch(admin, ann, is_active=False)
        answers = await asyncio.gather(*logins)
        await patch(admin, ann, is_active=True)

        late = [answer.json() for answer in answers if answer.status_code == 200]
        assert await survivors(client, *late) == []


async def test_a_new_role_takes_effect_with_the_next_request_and_ends_no_login(
    client: AsyncClient, admin: UserClient, ann: User
) -> None:
    pair = (await log_in(client, ann.email)).json()
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    before = (await client.get(USERS, headers=headers)).status_code

    assert await patch(admin, ann, role="admin") == 200

    assert (before, (await client.get(USERS, headers=headers)).status_code) == (403, 200)
    assert await survivors(client, pair) == ["access", "refresh"]


@pytest.mark.parametrize("change", [{"role": "staff"}, {"is_active": False}])
async def test_the_last_active_admin_is_neither_demoted_nor_deactivated(
    admin: UserClient, change: dict[str, Any]
) -> None:
    await make_user(role=Role.ADMIN, is_active=False)

    answer = await admin.patch(f"{USERS}/{admin.user.id}", json=change)

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:problem:last-admin")
    assert (await admin.get(f"{AUTH}/me")).json()["role"] == "admin"
    await make_user(role=Role.ADMIN)
    assert (await admin.patch(f"{USERS}/{admin.user.id}", json=change)).status_code == 200


async def test_of_two_admins_who_demote_each_other_at_once_one_remains(db: None) -> None:
    for change in [UserPatch(role=Role.MEMBER), UserPatch(is_active=False)] * ROUNDS:
        one, other = [await make_user(role=Role.ADMIN) for _ in range(2)]

        ended = await asyncio.gather(
            service.change_user(one.id, change, actor=other),
            service.change_user(other.id, change, actor=one),
            return_exceptions=True,
        )

        assert [type(each) for each in ended if not isinstance(each, User)] == [Conflict]
        assert await User.filter(role=Role.ADMIN, is_active=True).count() == 1
        await User.all().delete()


async def test_an_admin_sets_the_password_of_others_and_ends_their_logins(
    client: AsyncClient, admin: UserClient, ann: User
) -> None:
    pair = (await log_in(client, ann.email)).json()

    answer = await admin.post(f"{USERS}/{ann.id}/password", json={"new_password": NEW_PASSWORD})

    assert answer.status_code == 204
    assert await survivors(client, pair) == []
    assert [(await log_in(client, ann.email, each)).status_code for each in (PASSWORD, NEW_PASSWORD)] == [401, 200]


async def test_an_admin_cannot_set_their_own_password_without_the_current_one(admin: UserClient) -> None:
    answer = await admin.post(f"{USERS}/{admin.user.id}/password", json={"new_password": NEW_PASSWORD})

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:problem:own-password")
    assert (await User.get(id=admin.user.id)).password_hash == admin.user.password_hash


async def test_an_admin_logs_somebody_out_everywhere(client: AsyncClient, admin: UserClient, ann: User) -> None:
    pairs = [(await log_in(client, ann.email)).json() for _ in range(2)]

    answer = await admin.post(f"{USERS}/{ann.id}/logout-everywhere")

    assert answer.status_code == 204
    assert await survivors(client, *pairs) == []
    assert (await admin.get(f"{AUTH}/me")).status_code == 200


async def test_the_events_of_an_account_say_what_happened_and_who_did_it(
    client: AsyncClient, admin: UserClient
) -> None:
    new = {"email": "zoe@example.com", "name": "Zoë", "password": PASSWORD}
    zoe = await User.get(id=(await client.post(f"{AUTH}/register", json=new)).json()["id"])
    await service.log_out_everywhere(zoe.id, actor=None)
    await patch(admin, zoe, role="staff", name="Zoe", is_active=False)
    await patch(admin, zoe, role="staff", is_active=False)  # as it is: not an event
    await patch(admin, zoe, is_active=True)
    await admin.post(f"{USERS}/{zoe.id}/password", json={"new_password": NEW_PASSWORD})

    events = (await admin.get(f"{USERS}/{zoe.id}/events")).json()["items"]

    assert [(event["kind"], event["actor_id"], event["detail"]) for event in events[::-1]] == [
        ("account.created", zoe.id, {"role": "member"}),
        ("account.logged_out_everywhere", None, {}),
        ("account.renamed", admin.user.id, {}),
        ("account.role_changed", admin.user.id, {"from": "member", "to": "staff"}),
        ("account.deactivated", admin.user.id, {}),
        ("account.activated", admin.user.id, {}),
        ("account.password_set", admin.user.id, {}),
    ]


async def test_the_events_outlive_the_account_and_keep_no_personal_data(client: AsyncClient, admin: UserClient) -> None:
    new = {"email": "zoe@example.com", "name": "Zoë", "password": PASSWORD}
    number = (await client.post(f"{AUTH}/register", json=new)).json()["id"]
    token = (await log_in(client, "zoe@example.com")).json()["access_token"]
    changes = {"name": "Zoe", "email": "z@example.com", "current_password": PASSWORD}
    changed = await client.patch(f"{AUTH}/me", json=changes, headers={"Authorization": f"Bearer {token}"})

    await User.filter(id=number).delete()

    assert changed.status_code == 200
    rows = await AccountEvent.all().values()
    assert {row["kind"] for row in rows} == {"account.created", "account.renamed", "account.email_changed"}
    assert {(row["user_id"], row["actor_id"]) for row in rows} == {(None, number)}
    assert not [word for word in ("zoe", "z@", "zoë") if word in repr(rows).lower()]
