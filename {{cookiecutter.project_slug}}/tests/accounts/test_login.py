import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from pwdlib.hashers.argon2 import Argon2Hasher
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection

from app.accounts import logins
from app.accounts.models import RefreshToken, Role, User
from app.main import create_app
from app.settings import Settings
from tests.accounts.factories import AUTH, PASSWORD, begin, log_in, make_user, me, password_hash, refresh
from tests.support.clients import UserClient, bearer, login_of
from tortoise_kit.db import pool_status
from tortoise_kit.security import Passwords


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch, app: FastAPI) -> list[str]:
    """The statements on the service's connection outside of transactions."""
    statements: list[str] = []
    connection = get_connection("default")
    original = connection.execute_query

    async def counting(query: str, values: Any = None) -> Any:
        statements.append(query)
        return await original(query, values)

    monkeypatch.setattr(connection, "execute_query", counting)
    return statements


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parameters of the hashes that passwords are compared with."""
    parameters: list[str] = []
    original = Argon2Hasher.verify

    def counting(self: Argon2Hasher, password: Any, stored: Any) -> bool:
        parameters.append("$".join(stored.split("$")[:4]))
        return original(self, password, stored)

    monkeypatch.setattr(Argon2Hasher, "verify", counting)
    return parameters


async def test_a_login_returns_two_tokens_and_the_access_token_names_the_user(client: AsyncClient, ann: User) -> None:
    answer = await log_in(client, "ann@example.com")

    pair = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert pair.keys() == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (pair["token_type"], pair["expires_in"]) == ("bearer", 900)
    assert (await me(client, pair["access_token"])).json()["id"] == ann.id


@pytest.mark.parametrize("email", ["ann@example.com", "ANN@EXAMPLE.COM", "Ann@Example.com"])
async def test_the_case_of_an_address_does_not_matter(client: AsyncClient, ann: User, email: str) -> None:
    assert (await log_in(client, email)).status_code == 200


async def test_every_failed_login_gets_the_same_response_after_the_same_work(
    client: AsyncClient, ann: User, verified: list[str], queries: list[str]
) -> None:
    await make_user(email="inactive@example.com", password_hash=password_hash(), is_active=False)
    await make_user(email="unusable@example.com")
    work, answers = [], []

    for email, password in (
        ("ann@example.com", "wrong horse battery"),
        ("nobody@example.com", PASSWORD),
        ("inactive@example.com", PASSWORD),
        ("unusable@example.com", PASSWORD),
        ("ann@example.com", " "),
        ("ann", PASSWORD),
        ("änn@example.com", PASSWORD),
    ):
        verified.clear()
        queries.clear()
        answers.append(await log_in(client, email, password))
        work.append((list(verified), len(queries)))

    assert work == [(["$argon2id$v=19$m=19456,t=2,p=1"], 1)] * 7
    assert [answer.status_code for answer in answers] == [401] * 7
    assert {answer.json()["detail"] for answer in answers} == {"The e-mail address or the password is wrong."}
    assert {tuple(sorted(answer.headers.keys())) for answer in answers} == {tuple(sorted(answers[0].headers.keys()))}
    assert await RefreshToken.all().count() == 0


async def test_a_login_holds_no_connection_while_its_password_is_verified(
    client: AsyncClient, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = []
    original = Passwords.verify

    async def verify(*given: Any, **options: Any) -> Any:
        pool = pool_status(get_connection("default"))
        held.append((isinstance(get_connection("default"), TransactionalDBClient), pool.in_use if pool else 0))
        return await original(*given, **options)

    monkeypatch.setattr(Passwords, "verify", verify)

    assert (await log_in(client, "ann@example.com")).status_code == 200
    assert held == [(False, 0)]


@pytest.mark.parametrize("missing", ["grant_type", "username", "password"])
async def test_a_form_with_a_missing_field_is_rejected(client: AsyncClient, missing: str) -> None:
    form = {"grant_type": "password", "username": "ann@example.com", "password": PASSWORD}
    del form[missing]

    assert (await client.post(f"{AUTH}/token", data=form)).status_code == 422


async def test_a_hash_with_weaker_parameters_is_replaced_at_login(client: AsyncClient) -> None:
    weak = await Passwords(at_once=1, memory_kib=8, passes=1).hash(PASSWORD)
    ann = await make_user(email="ann@example.com", password_hash=weak)

    statuses = [(await log_in(client, "ann@example.com")).status_code for _ in range(2)]
    await ann.refresh_from_db()

    assert statuses == [200, 200]
    assert "m=19456,t=2,p=1" in ann.password_hash


async def test_a_hash_that_changed_in_the_meantime_is_not_replaced(app: FastAPI, ann: User) -> None:
    await User.filter(id=ann.id).update(password_hash="changed")  # noqa: S106 -- not a password

    await logins.begin(ann, timedelta(days=1), new_hash="new hash of the old password")

    assert (await User.get(id=ann.id)).password_hash == "changed"  # noqa: S105 -- not a password


async def test_each_request_reads_the_user_by_key_in_one_query(member: UserClient, queries: list[str]) -> None:
    answer = await member.get(f"{AUTH}/me")

    assert answer.status_code == 200
    (query,) = queries
    assert '"users"' in query
    assert 'WHERE "id"=' in query


async def test_a_deactivated_user_is_rejected_at_once(client: AsyncClient, ann: User) -> None:
    pair = (await log_in(client, "ann@example.com")).json()
    await User.filter(id=ann.id).update(is_active=False)

    assert (await me(client, pair["access_token"])).status_code == 401
    assert (await refresh(client, pair["refresh_token"])).status_code == 401
    assert (await log_in(client, "ann@example.com")).status_code == 401


async def test_a_deleted_user_is_rejected_at_once(member: UserClient) -> None:
    await member.user.delete()

    assert (await member.get(f"{AUTH}/me")).status_code == 401


async def test_a_new_role_takes_effect_at_once(member: UserClient) -> None:
    before = (await member.get("/api/v1/staff/pool")).status_code
    await User.filter(id=member.user.id).update(role=Role.STAFF)

    assert (before, (await member.get("/api/v1/staff/pool")).status_code) == (403, 200)


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "bearer x.y.z", "Bearer " + "x" * 5000, "Bearer é"],
    ids=lambda header: ascii(header[:12]),
)
async def test_an_invalid_authorization_header_is_rejected(client: AsyncClient, header: str) -> None:
    answer = await client.get(f"{AUTH}/me", headers={b"Authorization": header.encode()})

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_refresh_tokens_and_access_tokens_are_not_interchangeable(client: AsyncClient, ann: User) -> None:
    pair = (await log_in(client, "ann@example.com")).json()

    assert (await me(client, pair["refresh_token"])).status_code == 401
    assert (await refresh(client, pair["access_token"][:100])).status_code == 401
    assert (await refresh(client, pair["access_token"])).status_code == 422


async def test_a_token_with_an_unknown_subject_is_rejected(client: AsyncClient, app: FastAPI) -> None:
    for subject in ("ann", "", "-1", "0", "1.5"):
        token = login_of(app).tokens.issue(subject)
        assert (await me(client, token)).status_code == 401


async def test_a_token_of_a_service_with_another_secret_or_name_is_rejected(client: AsyncClient, ann: User) -> None:
    for differing in ({"secret_keys": "x" * 32}, {"service_name": "other"}):
        elsewhere = create_app(Settings(environment="test", **differing))  # type: ignore[arg-type]
        assert (await client.get(f"{AUTH}/me", headers=bearer(elsewhere, ann))).status_code == 401
    here = create_app(Settings(environment="test"))
    assert (await client.get(f"{AUTH}/me", headers=bearer(here, ann))).status_code == 200


async def test_a_login_deletes_the_users_expired_logins(client: AsyncClient, ann: User) -> None:
    other = await make_user()
    for user in (ann, other):
        await begin(user, -timedelta(seconds=1))

    await log_in(client, "ann@example.com")

    expired = await RefreshToken.filter(expires_at__lt=datetime.now(UTC))
    assert [token.user_id for token in expired] == [other.id]


async def test_a_refresh_token_is_stored_only_as_its_hash(client: AsyncClient, ann: User) -> None:
    token = (await log_in(client, "ann@example.com")).json()["refresh_token"]

    (row,) = await RefreshToken.all().values()

    assert row["token_hash"] == hashlib.sha256(token.encode()).hexdigest()
    assert token not in repr(row)


async def test_the_authorize_button_of_the_documentation_finds_the_login(client: AsyncClient, ann: User) -> None:
    document = (await client.get("/openapi.json")).json()
    (scheme,) = document["components"]["securitySchemes"].values()
    url = urljoin("http://test/docs", scheme["flows"]["password"]["tokenUrl"])
    # As Swagger UI sends it.
    form = {"grant_type": "password", "username": "ann@example.com", "password": PASSWORD, "scope": ""}

    answer = await client.post(url, data=form, headers={"X-Requested-With": "XMLHttpRequest"})

    assert answer.status_code == 200
    assert document["paths"][f"{AUTH}/me"]["get"]["security"]
    assert "security" not in document["paths"][f"{AUTH}/token"]["post"]
