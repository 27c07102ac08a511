"""The code of `docs/example.md` and `docs/password-reset.md`, in a copy of the project, migrated, served and called."""

import asyncio
import hashlib
import json
import re
import shlex
from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import AsyncClient, Response

from app.settings import PROJECT_FILE
from tests.accounts.factories import PASSWORD
from tests.kit.copies import copied
from tortoise_kit.development.testing import execute, new_postgres_database, run_python, serving

pytestmark = pytest.mark.slow  # starts processes

ROOT = PROJECT_FILE.parent
PAGES = [(ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("example.md", "password-reset.md")]
FILE = re.compile(r"^`((?:app|tests)/\w+/\w+\.py)`:\n\n```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
FILES = {name: text for page in PAGES for name, text in FILE.findall(page)}
PACKAGES = sorted({name.rpartition("/")[0] for name in FILES if name.startswith("app/")})
BLOCKS = re.findall(r"^```python\n(.*?)^```", "".join(PAGES), re.MULTILINE | re.DOTALL)
SQL, MIGRATION = [block for block in BLOCKS if block not in FILES.values()]
LINES = "".join(re.findall(r"^```sh\n(.*?)^```", "".join(PAGES), re.MULTILINE | re.DOTALL)).splitlines()
COMMANDS = [line for line in LINES if " pytest " not in line]
[ACCEPT] = [line.removeprefix("uv run ").split() for line in LINES if line not in COMMANDS]
[ACCEPTED] = re.findall(r"^```diff\n(.*?)^```", "".join(PAGES), re.MULTILINE | re.DOTALL)
COMMAND_SECONDS = 180
CLINIC = "/api/v1/clinic"
APPOINTMENTS = f"{CLINIC}/appointments"
KEY = "Idempotency-Key"
NEW_PASSWORD = "battery horse correct"  # noqa: S105
MAIL_SECONDS = 20
RESET = "/api/v1/password-reset"
MAIL = '''"""Mail to users, in a file."""

import anyio


async def send_reset(address: str, token: str) -> None:
    """Write the mail."""
    await anyio.Path("mail.txt").write_text(f"{address} {token}", encoding="utf-8")
'''
EMAILS = ("staff@example.com", "ann@example.com", "ben@example.com")

# The page's own lines, in the service's database.
RUN_SQL = """
import asyncio, json
from pydantic import BaseModel
from app.clinic.models import Appointment
from app.database import database
from app.settings import Settings
from tortoise_kit.sql import ByDialect, fetch_as

class Longest(BaseModel):
    patient: str
    minutes: int

async def main():
    async with database(Settings()):
{lines}
        print(json.dumps([line.model_dump() for line in lines]))

asyncio.run(main())
"""


async def run(project: Path, database_url: str, *arguments: str, stdin: str = "") -> str:
    environment = {"DATABASE_URL": database_url}
    ended = await run_python(*arguments, folder=project, environment=environment, stdin=stdin, seconds=COMMAND_SECONDS)
    assert ended.returncode == 0, ended.stdout.decode() + ended.stderr.decode()
    return ended.stdout.decode()


def write_examples(project: Path) -> None:
    """The pages' files in a copy of the project, with their lines in the registry."""
    for package in PACKAGES:
        (project / package).mkdir()
        (project / package / "__init__.py").write_text('"""A feature of the documentation."""\n', encoding="utf-8")
    for name, text in FILES.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    (project / "app" / "password_reset" / "mail.py").write_text(MAIL, encoding="utf-8")
    registry = project / "app" / "features.py"
    for page in PAGES:
        line, above = re.findall(r'`("app\.\w+",)`', page)
        text = registry.read_text(encoding="utf-8").replace(above, f"{above}\n    {line}")
        registry.write_text(text, encoding="utf-8")


async def run_commands(project: Path, database_url: str) -> None:
    """The pages' commands; the empty migration is filled once it is there."""
    for command in COMMANDS:
        await run(project, database_url, *shlex.split(command.removeprefix("uv run "))[1:])
        for path in (project / "migrations" / "models").glob("*_first_specialties.py"):
            _, end, state = path.read_text(encoding="utf-8").partition("\nMODELS_STATE")
            path.write_text(f"{MIGRATION}\n{end}{state}", encoding="utf-8")


@pytest.fixture(scope="module")
async def database_url(
    database: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[str]:
    if database == "sqlite":
        yield f"sqlite://{tmp_path_factory.mktemp('clinic') / 'clinic.db'}"
        return
    async with new_postgres_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture(scope="module")
async def project(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Path]:
    """A copy of the project with the examples, after the pages' commands."""
    with copied(tmp_path_factory.mktemp("project")) as project:
        write_examples(project)
        await run_commands(project, database_url)
        yield project


@pytest.fixture(scope="module")
async def staff(project: Path, database_url: str) -> AsyncGenerator[AsyncClient]:
    """A client of the running clinic, signed in as staff."""
    create = ("-m", "app", "users", "create", "--role", "staff", "--password-stdin", "--email")
    await run(project, database_url, *create, EMAILS[0], stdin=PASSWORD)
    limits = {f"LOGIN_RATE_PER_{each}": "10000/minute" for each in ("ACCOUNT", "ACCOUNT_ANYWHERE", "ADDRESS")}
    async with serving(
        *("-m", "app", "serve", "--workers", "2"),
        folder=project,
        environment={"DATABASE_URL": database_url, **limits},
        ready=("/health/ready", 200),
    ) as (_, client):
        await sign_in(client, EMAILS[0])
        yield client


@pytest.fixture(scope="module")
async def patients(staff: AsyncClient) -> AsyncGenerator[list[AsyncClient]]:
    """Clients of two patients."""
    async with (
        AsyncClient(base_url=staff.base_url, trust_env=False) as one,
        AsyncClient(base_url=staff.base_url, trust_env=False) as other,
    ):
        for client, email in zip((one, other), EMAILS[1:], strict=True):
            account = {"email": email, "name": email.partition("@")[0], "password": PASSWORD}
            assert (await client.post("/api/v1/auth/register", json=account)).status_code == 201
            await sign_in(client, email)
        yield [one, other]


async def sign_in(client: AsyncClient, email: str) -> None:
    form = {"grant_type": "password", "username": email, "password": PASSWORD}
    token = (await client.post("/api/v1/auth/token", data=form)).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"


@pytest.fixture
async def doctor(staff: AsyncClient) -> dict[str, Any]:
    """A new doctor, with a specialty that the migration has created, and another."""
    new = {"name": "Dr. Ray", "fee": "80.10", "specialties": ["surgery", "cardiology"]}
    created = await staff.post(f"{CLINIC}/doctors", json=new)
    assert created.status_code == 201, created.text
    assert (await staff.get(created.headers["Location"])).json() == created.json()
    shown: dict[str, Any] = created.json()
    return shown


def slot(doctor: dict[str, Any], start: int, end: int) -> dict[str, Any]:
    times = {"starts_at": f"2030-01-01T{start:02}:00:00Z", "ends_at": f"2030-01-01T{end:02}:00:00Z"}
    return {"doctor_id": doctor["id"], **times}


async def book(client: AsyncClient, doctor: dict[str, Any], start: int, end: int, **headers: str) -> Response:
    return await client.post(APPOINTMENTS, json=slot(doctor, start, end), headers=headers)


async def test_a_doctor_has_specialties_old_and_new(
    staff: AsyncClient, doctor: dict[str, Any], database_url: str
) -> None:
    assert doctor["specialties"] == ["cardiology", "surgery"]
    assert await execute(database_url, "SELECT name FROM specialties ORDER BY name") == [
        (name,) for name in ("cardiology", "dermatology", "general", "surgery")
    ]
    listed = (await staff.get(f"{CLINIC}/doctors")).json()["items"]
    assert doctor in listed


async def test_a_repeated_booking_is_one_appointment_shown_with_its_doctor(
    patients: list[AsyncClient], doctor: dict[str, Any]
) -> None:
    first, again = [await book(patients[0], doctor, 9, 10, **{KEY: f"key-{doctor['id']}"}) for _ in range(2)]

    assert (first.status_code, first.json()["doctor"], first.json()["status"]) == (201, doctor, "requested")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Location"] == first.headers["Location"]
    assert (await patients[0].get(first.headers["Location"])).json() == first.json()


async def test_of_many_bookings_of_one_time_at_once_one_succeeds(
    patients: list[AsyncClient], doctor: dict[str, Any]
) -> None:
    responses = await asyncio.gather(*(book(patients[number % 2], doctor, 9, 10 + number) for number in range(8)))

    assert Counter(each.status_code for each in responses) == {201: 1, 409: 7}
    assert (await book(patients[0], doctor, 8, 9)).status_code == 201


async def test_a_cancelled_appointment_frees_its_time(patients: list[AsyncClient], doctor: dict[str, Any]) -> None:
    booked = (await book(patients[0], doctor, 9, 10)).json()

    assert (await book(patients[1], doctor, 9, 10)).status_code == 409
    assert (await patients[0].post(f"{APPOINTMENTS}/{booked['id']}/cancel")).json()["status"] == "cancelled"
    assert (await book(patients[1], doctor, 9, 10)).status_code == 201


async def test_a_time_that_ends_before_it_starts_and_an_unknown_doctor_are_rejected(
    patients: list[AsyncClient], doctor: dict[str, Any]
) -> None:
    responses = [await book(patients[0], each, *time) for each, time in ((doctor, (9, 9)), ({"id": 4711}, (9, 10)))]

    assert [each.status_code for each in responses] == [422, 422]


async def test_a_patient_sees_their_own_appointments_and_staff_see_all(
    staff: AsyncClient, patients: list[AsyncClient], doctor: dict[str, Any]
) -> None:
    booked = (await book(patients[0], doctor, 9, 10)).json()
    path = f"{APPOINTMENTS}/{booked['id']}"

    seen = [booked in (await client.get(APPOINTMENTS)).json()["items"] for client in (staff, *patients)]

    assert seen == [True, True, False]
    assert [(await client.get(path)).status_code for client in (staff, *patients)] == [200, 200, 404]
    missing = await patients[1].post(f"{path}/cancel")
    assert (missing.status_code, missing.json()["detail"]) == (404, "Appointment not found.")


async def test_staff_confirm_an_appointment_once_and_lists_sort_by_when(
    staff: AsyncClient, patients: list[AsyncClient], doctor: dict[str, Any]
) -> None:
    late, early = [(await book(patients[1], doctor, hour, hour + 1)).json() for hour in (9, 10)]
    path = f"{APPOINTMENTS}/{early['id']}/confirm"

    by_a_patient, confirmed, again = [await client.post(path) for client in (patients[1], staff, staff)]

    assert [each.status_code for each in (by_a_patient, confirmed, again)] == [403, 200, 409]
    assert again.json()["detail"] == "The appointment is confirmed; to confirm it, it must be requested."
    assert confirmed.json()["confirmed_at"] is not None
    listed = (await patients[1].get(APPOINTMENTS, params={"order_by": "confirmed_at", "limit": 100})).json()["items"]
    order = [item["id"] for item in listed if item["doctor"] == doctor]
    assert order == [early["id"], late["id"]]  # NULL is the largest value


async def test_reports_add_up(
    staff: AsyncClient, patients: list[AsyncClient], doctor: dict[str, Any], project: Path, database_url: str
) -> None:
    booked = [(await book(patients[0], doctor, hour, hour + 1)).json() for hour in (9, 10, 11)]
    for each in booked[:2]:
        await staff.post(f"{APPOINTMENTS}/{each['id']}/confirm")
    indented = "\n".join(f"        {line}" for line in SQL.splitlines())

    earned = (await staff.get(f"{CLINIC}/earnings")).json()
    longest = json.loads(await run(project, database_url, "-c", RUN_SQL.format(lines=indented)))

    assert {"doctor": "Dr. Ray", "appointments": 2, "fees": "160.20"} in earned
    assert {each["minutes"] for each in longest} <= set(range(60, 601, 60))
    assert "ann" in {each["patient"] for each in longest}


async def test_the_example_passes_the_projects_own_checks(project: Path, database_url: str) -> None:
    written = [*PACKAGES, *(str(path) for path in (project / "migrations").rglob("*_first_specialties.py"))]

    for command in (
        ["ruff", "check", "--no-cache", *written],
        ["ruff", "format", "--no-cache", "--check", *written],
        ["app", "migrations", "check"],
        ["app", "migrations", "lint"],
        ["mypy", *PACKAGES],
    ):
        await run(project, database_url, "-m", *command)


@pytest.mark.nightly  # half the time of this file: test_contracts.py has each of its steps
async def test_the_contracts_guesses_are_written_as_the_page_shows_and_it_then_holds(
    project: Path, database_url: str, database: str
) -> None:
    options = ("-q", "-n", "0", "--db", database)

    shown = await run(project, database_url, "-m", *ACCEPT, *options)
    await run(project, database_url, "-m", *ACCEPT[:-1], *options)
    await run(project, database_url, "-m", "ruff", "check", "--no-cache", "tests/clinic")
    await run(project, database_url, "-m", "mypy", "tests/clinic")

    assert [line for line in shown.splitlines() if re.match("[-+] ", line)] == ACCEPTED.splitlines()
    (project / "tests/clinic/contract.py").write_text(FILES["tests/clinic/contract.py"], encoding="utf-8")


async def mailed(project: Path, address: str) -> str:
    """The token of the mail to this address; it is read once."""
    file = project / "mail.txt"
    for _ in range(MAIL_SECONDS * 20):
        sent, _, token = (file.read_text(encoding="utf-8") if file.exists() else "").partition(" ")
        if sent == address and token:
            file.unlink()
            return token
        await asyncio.sleep(0.05)
    pytest.fail(f"No mail to {address} after {MAIL_SECONDS} seconds.")


async def confirm(client: AsyncClient, token: str, password: str = NEW_PASSWORD) -> int:
    return (await client.post(f"{RESET}/confirm", json={"token": token, "new_password": password})).status_code


async def log_in(client: AsyncClient, email: str, password: str) -> int:
    form = {"grant_type": "password", "username": email, "password": password}
    return (await client.post("/api/v1/auth/token", data=form)).status_code


@pytest.fixture
async def forgetful(staff: AsyncClient) -> AsyncGenerator[tuple[AsyncClient, str]]:
    """A signed-in client of a new account, and its address."""
    email = f"{uuid4().hex}@example.com"
    async with AsyncClient(base_url=staff.base_url, trust_env=False) as client:
        account = {"email": email, "name": "Zoe", "password": PASSWORD}
        assert (await client.post("/api/v1/auth/register", json=account)).status_code == 201
        await sign_in(client, email)
        yield client, email


async def test_a_password_is_reset_once_with_the_token_of_the_mail_and_every_login_ends(
    forgetful: tuple[AsyncClient, str], project: Path
) -> None:
    client, email = forgetful
    asked = await client.post(RESET, json={"email": email.upper()})
    token = await mailed(project, email)

    assert asked.status_code == 202
    assert await confirm(client, token, "short") == 422
    assert sorted(await asyncio.gather(*(confirm(client, token) for _ in range(3)))) == [204, 422, 422]
    assert (await client.get("/api/v1/auth/me")).status_code == 401
    assert [await log_in(client, email, each) for each in (PASSWORD, NEW_PASSWORD)] == [401, 200]


async def test_the_response_does_not_say_whether_an_address_has_an_account(
    forgetful: tuple[AsyncClient, str], project: Path
) -> None:
    client, email = forgetful

    unknown, known = [await client.post(RESET, json={"email": each}) for each in ("nobody@example.com", email)]

    assert (unknown.status_code, unknown.content) == (known.status_code, known.content) == (202, known.content)
    await mailed(project, email)
    assert not (project / "mail.txt").exists()


async def test_a_token_that_is_expired_or_not_the_newest_or_unknown_resets_nothing(
    forgetful: tuple[AsyncClient, str], project: Path, database_url: str
) -> None:
    client, email = forgetful
    tokens = []
    for _ in range(2):
        await client.post(RESET, json={"email": email})
        tokens.append(await mailed(project, email))

    hashes = await execute(database_url, "SELECT token_hash FROM password_resets")
    assert [await confirm(client, token) for token in (tokens[0], "x")] == [422, 422]
    await execute(database_url, "UPDATE password_resets SET expires_at = '2020-01-01 00:00:00+00:00'")
    assert await confirm(client, tokens[1]) == 422
    assert (hashlib.sha256(tokens[1].encode()).hexdigest(),) in hashes
    assert re.search(r"[1-9] expired password resets", await run(project, database_url, "-m", "app", "cleanup"))
    assert await log_in(client, email, PASSWORD) == 200
