import hashlib
import re
from subprocess import CompletedProcess
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from tortoise import Tortoise

from app.accounts.models import Role, User
from app.accounts.seed import KNOWN, KNOWN_PASSWORD
from app.cli.seed import fill
from app.features import MODELS_APP, modules
from tests.accounts.factories import make_user
from tests.support.clients import bearer
from tests.support.processes import run_app
from tortoise_kit.development.seeding import SeedError, SeedPlan
from tortoise_kit.development.testing import delete_all_rows

SIZE = 60


async def contents() -> str:
    """A digest of all rows of all tables."""
    models = list(Tortoise.apps[MODELS_APP].values())
    rows = [sorted(await model.all().values(), key=repr) for model in models]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


async def test_a_seed_creates_users_of_every_role(db: None) -> None:
    await fill(SIZE)

    roles = [user.role for user in await User.all().order_by("id")]
    assert roles == [Role.ADMIN, *[Role.STAFF] * 4, *[Role.MEMBER] * 15]


async def test_rows_created_after_a_seed_get_new_keys(db: None) -> None:
    await fill(SIZE)

    seeded = {user.id for user in await User.all()}
    assert (await make_user()).id not in seeded


async def test_every_list_of_a_seeded_service_has_rows(client: AsyncClient, app: FastAPI) -> None:
    await fill(SIZE)
    client.headers.update(bearer(app, await User.get(email=KNOWN[0])))
    document = (await client.get("/openapi.json")).json()
    paths = {path: item for path, item in document["paths"].items() if "{" not in path}
    lists = [path for path, item in paths.items() if any(_is_cursor(p) for p in _parameters(item))]

    for path in lists:
        page = (await client.get(path, params={"limit": 5})).json()
        assert len(page["items"]) == 5, path


def _parameters(item: dict[str, dict[str, list[dict[str, str]]]]) -> list[dict[str, str]]:
    return item.get("get", {}).get("parameters", [])


def _is_cursor(parameter: dict[str, str]) -> bool:
    return parameter["name"] == "cursor"


async def test_only_the_known_users_log_in_with_the_published_password(client: AsyncClient) -> None:
    await fill(SIZE)

    async def status(email: str) -> int:
        form = {"grant_type": "password", "username": email, "password": KNOWN_PASSWORD}
        return (await client.post("/api/v1/auth/token", data=form)).status_code

    users = {user.email: user.role for user in await User.all()}
    assert [users[email] for email in KNOWN.values()] == [Role.ADMIN, Role.STAFF, Role.MEMBER]
    statuses = {email: await status(email) for email in users}
    assert {email for email, status in statuses.items() if status == 200} == set(KNOWN.values())


@pytest.mark.slow
@pytest.mark.parametrize("environment", ["test", "production"])
@pytest.mark.only("sqlite")
async def test_a_seed_outside_development_is_rejected_in_one_line(
    db: None, session_database_url: str, environment: str
) -> None:
    ended = await run_seed(session_database_url, ENVIRONMENT=environment, SECRET_KEYS="x" * 32)

    assert ended.returncode == 1
    assert re.fullmatch(rb"Not seeded: ENVIRONMENT is %s, [^\n]+\n" % environment.encode(), ended.stderr)
    assert await User.all().count() == 0


async def test_a_database_with_rows_is_not_seeded(db: None) -> None:
    await make_user()

    with pytest.raises(SeedError, match=r"The table users already has rows"):
        await fill(SIZE)

    assert await User.all().count() == 1


async def test_a_seed_that_fails_leaves_no_rows(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    async def break_off(_plan: SeedPlan) -> None:
        raise ZeroDivisionError

    broken = ModuleType("broken")
    monkeypatch.setattr(broken, "seed", break_off, raising=False)
    monkeypatch.setattr("app.cli.seed.modules", lambda name: [*modules(name), broken])

    with pytest.raises(ZeroDivisionError):
        await fill(SIZE)

    assert await User.all().count() == 0


@pytest.mark.slow
async def test_a_database_without_tables_is_reported_in_one_line(empty_database_url: str) -> None:
    ended = await run_seed(empty_database_url)

    assert (ended.returncode, ended.stdout) == (1, b"")
    table, remedy = rb"The database has no table \w+", rb"run `python -m app migrations upgrade` first\."
    assert re.fullmatch(rb"Not seeded: %s: %s\s+" % (table, remedy), ended.stderr)


@pytest.mark.slow
@pytest.mark.only("postgres")
async def test_a_wrong_password_is_reported_in_one_line(session_database_url: str) -> None:
    parts = urlsplit(session_database_url)
    stranger = parts._replace(netloc=f"nobody:wrong@{parts.hostname}:{parts.port}").geturl()

    ended = await run_seed(stranger)

    assert ended.returncode == 1
    assert re.fullmatch(rb"Not seeded: [^\n]+\n", ended.stderr)
    assert b"wrong" not in ended.stderr


async def run_seed(database_url: str, **variables: str) -> CompletedProcess[bytes]:
    return await run_app(database_url, "seed", "--size", str(SIZE), **variables)


@pytest.mark.slow
async def test_the_same_size_creates_the_same_rows_in_every_process(db: None, session_database_url: str) -> None:
    await fill(SIZE)
    here = await contents()
    await delete_all_rows()

    ended = await run_seed(session_database_url, PYTHONHASHSEED="7")

    assert ended.returncode == 0, ended.stderr
    assert not re.search(rb"[\x00-\x09\x0b-\x1f]", ended.stdout), "control characters in a pipe"
    assert await contents() == here
