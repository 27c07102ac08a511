"""Limits on attempts; each test creates a separate app, on the suite's database."""

import asyncio
import logging
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from app.accounts.models import LoginAttempt, RefreshToken
from app.cli.maintenance import delete_expired
from app.main import create_app
from app.settings import Settings
from tests.accounts.factories import AUTH, PASSWORD, begin, log_in, make_user, password_hash, refresh
from tests.support.clients import bearer

HOUR = 3600
RATES = (
    "login_rate_per_account",
    "login_rate_per_account_anywhere",
    "login_rate_per_address",
    "refresh_rate_per_address",
)


def limited(**rates: str) -> FastAPI:
    given: dict[str, Any] = dict.fromkeys(RATES, "1000/hour") | rates
    return create_app(Settings(environment="test", **given))


def client_of(app: FastAPI, address: str = "203.0.113.7") -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app, client=(address, 5000)), base_url="http://test")


def assert_too_many(answer: Response) -> None:
    assert (answer.status_code, answer.json()["type"]) == (429, "urn:problem:too-many-attempts")
    assert answer.headers["content-type"] == "application/problem+json"
    assert HOUR - 60 <= int(answer.headers["retry-after"]) <= HOUR


@pytest.mark.parametrize("email", ["ann@example.com", "nobody@example.com"])
async def test_too_many_attempts_on_an_account_are_rejected_from_every_address(db: None, email: str) -> None:
    await make_user(email="ann@example.com", password_hash=password_hash())
    app = limited(login_rate_per_account_anywhere="3/hour")
    for number in range(3):
        async with client_of(app, f"203.0.113.{number}") as client:
            assert (await log_in(client, email.upper(), "wrong")).status_code == 401

    async with client_of(app, "203.0.113.9") as client:
        refused, other = await log_in(client, email), await log_in(client, "ben@example.com")

    assert_too_many(refused)
    assert other.status_code == 401


async def failed(app: FastAPI, email: str, *, address: str, times: int) -> list[int]:
    async with client_of(app, address) as client:
        return [(await log_in(client, email, "wrong")).status_code for _ in range(times)]


async def logged_in(app: FastAPI, email: str, *, address: str) -> int:
    async with client_of(app, address) as client:
        return (await log_in(client, email)).status_code


OWNER, STRANGER, ANOTHER = "203.0.113.7", "198.51.100.1", "198.51.100.2"


async def test_a_stranger_locks_nobody_out_elsewhere(db: None) -> None:
    await make_user(email="ann@example.com", password_hash=password_hash())
    app = limited(login_rate_per_account="3/hour")

    assert await failed(app, "ann@example.com", address=STRANGER, times=5) == [401] * 3 + [429] * 2
    assert await logged_in(app, "ann@example.com", address=OWNER) == 200


async def test_who_logged_in_lately_gets_in_there_whatever_strangers_try_from_everywhere(db: None) -> None:
    await make_user(email="ann@example.com", password_hash=password_hash())
    app = limited(login_rate_per_account="3/hour", login_rate_per_account_anywhere="4/hour")
    before = await logged_in(app, "ann@example.com", address=OWNER)
    tried = [await failed(app, "ann@example.com", address=f"198.51.100.{n}", times=2) for n in range(4)]

    assert (before, tried) == (200, [[401, 401], [401, 401], [429, 429], [429, 429]])
    assert [await logged_in(app, "ann@example.com", address=each) for each in (OWNER, "198.51.100.9")] == [200, 429]
    assert await failed(app, "ann@example.com", address=OWNER, times=4) == [401] * 3 + [429]


async def test_a_user_name_that_looks_like_another_limit_counts_for_none_of_its(db: None) -> None:
    await make_user(email="ann@example.com", password_hash=password_hash())
    app = limited(**dict.fromkeys(RATES, "2/hour"))
    names = (OWNER, f"network {OWNER}", f"login from {OWNER} to ann@example.com", f"refresh from {OWNER}")
    for number, name in enumerate(names):
        for _ in range(2):
            await failed(app, name, address=f"198.51.100.{number}", times=1)

    assert await logged_in(app, "ann@example.com", address=OWNER) == 200


async def test_only_failures_count(db: None) -> None:
    await make_user(email="ann@example.com", password_hash=password_hash())
    app = limited(**dict.fromkeys(RATES, "3/hour"))

    for _ in range(2):
        assert await failed(app, "ann@example.com", address=OWNER, times=1) == [401]
        assert [await logged_in(app, "ann@example.com", address=OWNER) for _ in range(3)] == [200] * 3
    assert await failed(app, "nobody@example.com", address=OWNER, times=2) == [401, 429]


async def test_limits_hold_over_workers_and_restarts(db: None) -> None:
    workers = [limited(login_rate_per_account="3/hour") for _ in range(4)]

    statuses = [await failed(each, "ann@example.com", address=OWNER, times=1) for each in workers]

    assert statuses == [[401], [401], [401], [429]]


async def test_attempts_at_the_same_time_pass_a_limit_as_often_as_it_says(db: None) -> None:
    workers = [limited(login_rate_per_account="3/hour") for _ in range(4)]

    tried = await asyncio.gather(
        *(failed(each, "ann@example.com", address=OWNER, times=1) for each in workers for _ in range(3))
    )

    assert sorted(tried) == [[401]] * 3 + [[429]] * 9


async def test_the_table_names_nobody_and_a_cleanup_empties_it(db: None) -> None:
    await failed(limited(), "ann@example.com", address=OWNER, times=2)
    before = await LoginAttempt.all().values()
    await LoginAttempt.all().update(expires_at=1)

    deleted = (await delete_expired(batch=10))["expired counts of login attempts"]

    assert (len(before), deleted) == (3, 3)
    assert not [word for word in ("ann", OWNER) if word in repr(before)]


async def test_refreshes_from_an_address_are_limited_and_a_login_has_one_row(db: None) -> None:
    token = await begin(await make_user())
    app = limited(refresh_rate_per_address="20/hour")
    async with client_of(app) as client:
        for _ in range(20):
            answer = await refresh(client, token)
            token = answer.json()["refresh_token"]
        assert_too_many(await refresh(client, token))

    assert await RefreshToken.all().count() == 1
    async with client_of(app, STRANGER) as elsewhere:
        assert (await refresh(elsewhere, token)).status_code == 200


async def test_an_attempt_that_was_turned_away_for_overload_does_not_count(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_user(email="ann@example.com", password_hash=password_hash())
    app = limited(**dict.fromkeys(RATES, "1/hour"))
    with monkeypatch.context() as patch:
        patch.setattr("tortoise_kit.security.passwords.WAITING_PER_THREAD", 0)
        async with client_of(app) as client:
            turned_away = await log_in(client, "ann@example.com")

    assert (turned_away.status_code, turned_away.json()["type"]) == (503, "urn:problem:logins-busy")
    assert turned_away.headers["retry-after"] == "1"
    assert await logged_in(app, "ann@example.com", address="203.0.113.7") == 200


async def test_too_many_attempts_from_an_address_are_rejected_for_every_account(db: None) -> None:
    await make_user(email="ann@example.com", password_hash=password_hash())
    app = limited(login_rate_per_address="3/hour")
    async with client_of(app) as client:
        for number in range(3):
            await log_in(client, f"user-{number}@example.com")
        refused = await log_in(client, "ann@example.com")
        registered = await client.post(
            f"{AUTH}/register", json={"email": "b@example.com", "name": "B", "password": PASSWORD}
        )
    async with client_of(app, "203.0.113.8") as elsewhere:
        granted = await log_in(elsewhere, "ann@example.com")

    assert_too_many(refused)
    assert_too_many(registered)
    assert granted.status_code == 200


async def test_addresses_that_have_accounts_are_not_found_by_registering_without_limit(db: None) -> None:
    await make_user(email="ann@example.com")
    taken = {"email": "ann@example.com", "name": "A", "password": PASSWORD}
    async with client_of(limited(login_rate_per_address="3/hour")) as client:
        answers = [await client.post(f"{AUTH}/register", json=taken) for _ in range(4)]

    assert [answer.status_code for answer in answers[:3]] == [409] * 3
    assert_too_many(answers[3])


async def test_an_ipv6_network_counts_as_one_address(db: None) -> None:
    app = limited(login_rate_per_address="2/hour")
    statuses = []
    for address in (
        "2001:db8:1:1::1",
        "2001:db8:1:1:ffff::2",
        "2001:db8:1:1::3",
        "2001:db8:1:2::1",
        "::ffff:203.0.113.7",
    ):
        async with client_of(app, address) as client:
            statuses.append((await log_in(client, "ann@example.com")).status_code)

    assert statuses == [401, 401, 429, 401, 401]


async def test_a_rejected_attempt_costs_no_hash(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    app = limited(login_rate_per_account="1/hour")
    async with client_of(app) as client:
        await log_in(client, "ann@example.com")
        monkeypatch.setattr("tortoise_kit.security.passwords.Passwords.verify", None)

        assert_too_many(await log_in(client, "ann@example.com"))


@pytest.mark.parametrize(
    ("limit", "rate"), [("account", "login_rate_per_account"), ("address", "login_rate_per_address")]
)
async def test_a_rejected_attempt_is_logged_with_its_limit_and_its_network(
    db: None, caplog: pytest.LogCaptureFixture, limit: str, rate: str
) -> None:
    async with client_of(limited(**{rate: "1/hour"}), "2001:db8:1:1::1") as client:
        await log_in(client, "ann@example.com")
        with caplog.at_level(logging.INFO, logger="app.accounts.audit"):
            caplog.clear()
            assert_too_many(await log_in(client, "ann@example.com"))

    [line] = [record for record in caplog.records if record.name == "app.accounts.audit"]
    assert (line.levelname, line.getMessage()) == ("WARNING", "login.limited")
    assert (vars(line)["limit"], vars(line)["network"]) == (limit, "2001:db8:1:1::/64")


@pytest.mark.parametrize("rate", ["login_rate_per_account", "login_rate_per_address"])
async def test_guesses_of_the_current_password_are_limited_like_logins(db: None, rate: str) -> None:
    ann = await make_user(email="ann@example.com", password_hash=password_hash())
    app = limited(**{rate: "3/hour"})
    async with client_of(app) as client:
        client.headers.update(bearer(app, ann))
        guesses = (
            {"current_password": "wrong", "new_password": PASSWORD},
            {"current_password": "wrong", "email": "b@example.com"},
        )
        await log_in(client, "ann@example.com", "wrong")
        first = (
            await client.post(f"{AUTH}/password", json=guesses[0]),
            await client.patch(f"{AUTH}/me", json=guesses[1]),
        )
        then = await client.post(f"{AUTH}/password", json=guesses[0]), await client.patch(f"{AUTH}/me", json=guesses[1])
        renamed = await client.patch(f"{AUTH}/me", json={"name": "Zoe"})

    assert [answer.status_code for answer in first] == [422, 422]
    for answer in then:
        assert_too_many(answer)
    assert renamed.status_code == 200


async def test_a_login_goes_on_while_others_try_its_account(db: None) -> None:
    ann = await make_user(email="ann@example.com", password_hash=password_hash())
    token = await begin(ann)
    app = limited(**{rate: "2/hour" for rate in RATES if rate.startswith("login")})
    async with client_of(app) as client:
        for _ in range(3):
            await log_in(client, "ann@example.com", "wrong")

        assert (await refresh(client, token)).status_code == 200
