"""Access tokens over HTTP: which are rejected, and from when on."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import jwt
import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr

from app.accounts import logins, queries
from app.accounts.models import RefreshToken, User
from app.main import create_app
from app.settings import Settings
from tests.accounts.factories import AUTH, begin, log_in, log_out_everywhere, make_user, me, password_hash, refresh
from tests.support.clients import UserClient, bearer, login_of
from tortoise_kit.security import derive_key

SETTINGS = Settings(environment="test")
KEY = derive_key(SETTINGS.secret_keys[0].get_secret_value(), "access tokens")
ALGORITHM, KIND = "HS256", "at+jwt"
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
NOW = datetime.now(UTC)
ROUNDS = 5


def forged(
    user: User,
    app: FastAPI,
    *,
    key: Any = KEY,
    algorithm: str = ALGORITHM,
    header: dict[str, Any] | None = None,
    **claims: Any,
) -> str:
    """A token like the service's own except for these changes; a claim that is None is left out."""
    valid = login_of(app).tokens.issue(str(user.id))
    ours = jwt.decode(valid, options={"verify_signature": False})
    given = {name: value for name, value in {**ours, **claims}.items() if value is not None}
    headers = {"kid": jwt.get_unverified_header(valid)["kid"], "typ": KIND, **(header or {})}
    return jwt.encode(given, key, algorithm=algorithm, headers=headers)


FORGERIES: dict[str, dict[str, Any]] = {
    "of another audience": {"aud": "other"},
    "of several audiences": {"aud": [SETTINGS.service_name, "other"]},
    "of another issuer": {"iss": "other"},
    "without an algorithm": {"key": "", "algorithm": "none"},
    "of another algorithm": {"key": KEY * 2, "algorithm": "HS512"},
    "of another key": {"key": b"x" * 32},
    "of an unknown key": {"header": {"kid": "0" * 16}},
    "of no named key": {"header": {"kid": ""}},
    "of another kind": {"header": {"typ": "JWT"}},
    "expired": {"iat": NOW - 2 * HOUR, "exp": NOW - HOUR},
    "not valid yet": {"nbf": NOW + HOUR},
    "issued in the future": {"iat": NOW + HOUR, "exp": NOW + 2 * HOUR},
    **{f"without {claim}": {claim: None} for claim in ("exp", "iat", "sub", "iss", "aud", "jti", "gen")},
}


async def test_a_token_without_a_forgery_is_accepted(client: AsyncClient, app: FastAPI) -> None:
    user = await make_user()

    assert (await me(client, forged(user, app))).json()["id"] == user.id


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_forged_token_is_rejected_by_every_route(client: AsyncClient, app: FastAPI, forgery: str) -> None:
    token = forged(await make_user(), app, **FORGERIES[forgery])

    for method, path in (("GET", f"{AUTH}/me"), ("GET", "/api/v1/staff/pool"), ("POST", f"{AUTH}/logout-everywhere")):
        answer = await client.request(method, path, headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["type"]) == (401, "urn:problem:invalid-token")
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_keys_rotate_without_ending_a_login(app: FastAPI, db: None) -> None:
    user = await make_user()
    old, new = SecretStr("o" * 32), SecretStr("n" * 32)
    rotation = ((old,), (new, old), (new,))
    before, both, after = [create_app(Settings(environment="test", secret_keys=keys)) for keys in rotation]

    async def status(served_by: FastAPI, issued_by: FastAPI) -> int:
        async with AsyncClient(transport=ASGITransport(served_by), base_url="http://test") as client:
            return (await client.get(f"{AUTH}/me", headers=bearer(issued_by, user))).status_code

    assert [await status(both, each) for each in (before, both, after)] == [200, 200, 200]
    assert [await status(after, each) for each in (before, both, after)] == [401, 200, 200]


async def test_a_logout_everywhere_ends_every_token_at_once(client: AsyncClient) -> None:
    ann = await make_user(email="ann@example.com", password_hash=password_hash())
    pairs = [(await log_in(client, "ann@example.com")).json() for _ in range(2)]

    answer = await log_out_everywhere(client, pairs[0]["access_token"])

    assert answer.status_code == 204
    assert [(await me(client, pair["access_token"])).status_code for pair in pairs] == [401, 401]
    assert [(await refresh(client, pair["refresh_token"])).status_code for pair in pairs] == [401, 401]
    assert await RefreshToken.filter(user_id=ann.id).count() == 0


async def test_a_new_login_after_a_logout_everywhere_works_and_other_users_are_unaffected(
    client: AsyncClient, member: UserClient
) -> None:
    await make_user(email="ann@example.com", password_hash=password_hash())
    before = (await log_in(client, "ann@example.com")).json()
    await log_out_everywhere(client, before["access_token"])

    after = (await log_in(client, "ann@example.com")).json()

    assert (await me(client, after["access_token"])).status_code == 200
    assert (await me(client, (await refresh(client, after["refresh_token"])).json()["access_token"])).status_code == 200
    assert (await member.get(f"{AUTH}/me")).status_code == 200


async def test_no_token_survives_a_logout_everywhere_at_the_same_time(client: AsyncClient, app: FastAPI) -> None:
    for _ in range(ROUNDS):
        user = await make_user()
        tokens = [await begin(user) for _ in range(3)]
        access = login_of(app).tokens.issue(str(user.id))

        await asyncio.gather(*(refresh(client, token) for token in tokens), log_out_everywhere(client, access))

        assert await RefreshToken.filter(user_id=user.id).count() == 0


@pytest.mark.parametrize("place", ["before the lock", "under the lock", "after the commit"])
async def test_no_access_token_of_a_refresh_outlives_a_logout_everywhere_in_between(
    client: AsyncClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    user = await make_user()
    token, access = await begin(user), login_of(app).tokens.issue(str(user.id))
    paused = Paused()
    read, reads = queries.refresh_token, count()
    exchange = logins.exchange

    async def reading(family: UUID) -> RefreshToken | None:
        at = ("before the lock", "under the lock")[next(reads)]  # on SQLite both are: it locks the file first
        return await paused.after(read(family), here=at == place)

    async def exchanging(presented: str) -> tuple[User, str] | None:
        return await paused.after(exchange(presented), here=place == "after the commit")

    monkeypatch.setattr(queries, "refresh_token", reading)
    monkeypatch.setattr(logins, "exchange", exchanging)
    refreshing = asyncio.create_task(refresh(client, token))
    await paused.reached.wait()
    ending = asyncio.create_task(log_out_everywhere(client, access))
    await asyncio.wait([ending], timeout=0.3)  # under the lock it waits for the refresh
    paused.go_on.set()
    renewed, ended = await refreshing, await ending

    assert (renewed.status_code, ended.status_code) in {(200, 204), (401, 204)}
    assert (await me(client, renewed.json().get("access_token", "none"))).status_code == 401
    assert await RefreshToken.all().count() == 0


class Paused:
    """A place where a task waits until the test lets it go on."""

    def __init__(self) -> None:
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()

    async def after[T](self, work: Awaitable[T], *, here: bool) -> T:
        result = await work
        if here:
            self.reached.set()
            await asyncio.wait_for(self.go_on.wait(), 10)
        return result


async def test_a_logout_everywhere_does_not_depend_on_the_clock(client: AsyncClient, app: FastAPI) -> None:
    user = await make_user(password_hash=password_hash())
    now = datetime.now(UTC)
    early, late = (forged(user, app, iat=now + jump, exp=now + jump + 900 * SECOND) for jump in (-60 * SECOND, HOUR))
    assert [(await me(client, token)).status_code for token in (early, late)] == [200, 200]

    await log_out_everywhere(client, late)

    assert [(await me(client, token)).status_code for token in (early, late)] == [401, 401]
    new = (await log_in(client, user.email)).json()
    assert (await me(client, new["access_token"])).status_code == 200
    assert (await me(client, (await refresh(client, new["refresh_token"])).json()["access_token"])).status_code == 200


async def test_logouts_everywhere_at_the_same_time_all_count(client: AsyncClient, app: FastAPI) -> None:
    user = await make_user()
    access = [login_of(app).tokens.issue(str(user.id)) for _ in range(3)]

    await asyncio.gather(*(log_out_everywhere(client, token) for token in access))

    await user.refresh_from_db()
    assert user.token_generation >= 1
    assert {(await me(client, token)).status_code for token in access} == {401}
