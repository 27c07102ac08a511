"""What is logged of accounts and logins: events by name, with ids, and nothing that names a person."""

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from httpx2 import AsyncClient

from app.accounts.models import AccountEvent, Event, RefreshToken, User
from app.settings import PROJECT_FILE
from tests.accounts.factories import (
    AUTH,
    PASSWORD,
    USERS,
    begin,
    change_password,
    log_in,
    log_out_everywhere,
    make_user,
    password_hash,
    refresh,
)
from tests.support.clients import UserClient

NETWORK = "127.0.0.1"
FIELDS = ("user_id", "actor_id", "network", "family")

type Lines = Callable[[], list[tuple[str, str, dict[str, Any]]]]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    """What the audit log has: level, event and fields of each line."""
    caplog.set_level(logging.INFO, logger="app.accounts.audit")

    def read() -> list[tuple[str, str, dict[str, Any]]]:
        records = [record for record in caplog.records if record.name == "app.accounts.audit"]
        return [
            (each.levelname, each.getMessage(), {name: vars(each)[name] for name in FIELDS if name in vars(each)})
            for each in records
        ]

    return read


async def test_a_failed_login_is_logged_with_the_user_if_there_is_one(client: AsyncClient, lines: Lines) -> None:
    ann = await make_user(email="ann@example.com", password_hash=password_hash())

    await log_in(client, "ann@example.com", "wrong")
    await log_in(client, "nobody@example.com", "wrong")
    await log_in(client, "ann@example.com")

    assert lines() == [
        ("INFO", "login.failed", {"user_id": ann.id, "network": NETWORK}),
        ("INFO", "login.failed", {"user_id": None, "network": NETWORK}),
    ]


async def test_the_reuse_of_a_refresh_token_is_logged_with_the_login_that_ended(
    client: AsyncClient, lines: Lines
) -> None:
    ann = await make_user()
    token = await begin(ann)
    family = (await RefreshToken.get()).family

    answers = [await refresh(client, token) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 401]
    assert lines() == [("WARNING", "login.token_reused", {"user_id": ann.id, "family": str(family)})]


async def test_each_event_of_an_account_is_logged_with_who_did_it(
    client: AsyncClient, admin: UserClient, lines: Lines
) -> None:
    new = {"email": "zoe@example.com", "name": "Zoë", "password": PASSWORD}
    zoe: int = (await client.post(f"{AUTH}/register", json=new)).json()["id"]
    access = (await log_in(client, "zoe@example.com")).json()["access_token"]
    access = (await change_password(client, access, "battery horse correct")).json()["access_token"]
    await log_out_everywhere(client, access)
    await admin.patch(f"{USERS}/{zoe}", json={"role": "staff"})
    await admin.post(f"{USERS}/{zoe}/logout-everywhere")

    assert lines() == [
        ("INFO", f"account.{event}", {"user_id": zoe, "actor_id": actor})
        for event, actor in (
            ("created", zoe),
            ("password_changed", zoe),
            ("logged_out_everywhere", zoe),
            ("role_changed", admin.user.id),
            ("logged_out_everywhere", admin.user.id),
        )
    ]


async def test_a_change_that_is_rolled_back_is_neither_recorded_nor_logged(member: UserClient, lines: Lines) -> None:
    await User.filter(id=member.user.id).update(password_hash=password_hash())
    ann = await make_user()

    answer = await member.patch(f"{AUTH}/me", json={"email": ann.email, "current_password": PASSWORD})

    assert answer.status_code == 409
    assert lines() == []
    assert await AccountEvent.all().count() == 0


async def test_no_log_line_has_an_address_or_a_name(
    client: AsyncClient, member: UserClient, admin: UserClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="app")
    await User.filter(id=member.user.id).update(password_hash=password_hash())

    for address in (member.user.email, "canary@example.com"):
        await log_in(client, address, "wrong")
        change = {"name": "Canary", "email": address, "current_password": PASSWORD}
        assert (await member.patch(f"{AUTH}/me", json=change)).status_code == 200
        await admin.get(f"{USERS}?email={address}")
    await admin.patch(f"{USERS}/{member.user.id}", json={"name": "Canary 2", "is_active": False})

    written = [repr(vars(record)) for record in caplog.records if record.name.startswith("app")]
    assert len(written) >= 6
    assert not [line for line in written if "@example.com" in line or "canary" in line.lower()]


def test_the_documentation_lists_every_event() -> None:
    page = (PROJECT_FILE.parent / "docs" / "login.md").read_text(encoding="utf-8")

    assert set(re.findall(r"`((?:account|login)\.[a-z_]+)`", page)) == set(Event)
