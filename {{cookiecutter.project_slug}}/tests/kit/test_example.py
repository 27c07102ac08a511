"""The clinic of `docs/example.md`: its code, in a copy of the project, is migrated, served and called."""

import asyncio
import json
import re
import shlex
import shutil
from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient, Response

from app.settings import PROJECT_FILE
from tests.accounts.factories import PASSWORD
from tortoise_kit.development.testing import execute, new_postgres_database, run_python, serving

pytestmark = pytest.mark.slow  # starts processes

ROOT = PROJECT_FILE.parent
COPIED = ("app", "migrations", "tortoise_kit", "pyproject.toml", "ruff.toml")
PAGE = (ROOT / "docs" / "example.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
FILES = dict(re.findall(r"^`(app/clinic/\w+\.py)`:\n\n```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
SQL, MIGRATION = [block for block in BLOCKS if block not in FILES.values()]
COMMANDS = "".join(re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)).splitlines()
COMMAND_SECONDS = 180
CLINIC = "/api/v1/clinic"
APPOINTMENTS = f"{CLINIC}/appointments"
KEY = "Idempotency-Key"
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


def write_example(project: Path) -> None:
    """The page's files in a copy of the project, with their line in the registry."""
    for name in COPIED:
        source, ignored = ROOT / name, shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(source, project / name, ignore=ignored) if source.is_dir() else shutil.copy(source, project)
    (project / "app" / "clinic").mkdir()
    for name, text in {**FILES, "app/clinic/__init__.py": '"""The clinic."""\n'}.items():
        (project / name).write_text(text, encoding="utf-8")
    registry = project / "app" / "features.py"
    line, above = re.findall(r'`("app\.\w+",)`', PAGE)
    text = registry.read_text(encoding="utf-8").replace(above, f"{above}\n    {line}")
    registry.write_text(text, encoding="utf-8")


async def run_commands(project: Path, database_url: str) -> None:
    """The page's commands; the empty migration is filled once it is there."""
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
async def project(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the example, after the page's commands."""
    project = tmp_path_factory.mktemp("project")
    write_example(project)
    await run_commands(project, database_url)
    return project


@pytest.fixture(scope="module")
async def staff(project: Path, database_url: str) -> AsyncGenerator[AsyncClient]:
    """A client of the running clinic, signed in as staff."""
    create = ("-m", "app", "users", "create", "--role", "staff", "--password-stdin", "--email")
    await run(project, database_url, *create, EMAILS[0], stdin=PASSWORD)
    limits = {f"LOGIN_RATE_PER_{each}": "10000/minute" for each in ("ACCOUNT", "ADDRESS")}
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
    async with AsyncClient(base_url=staff.base_url) as one, AsyncClient(base_url=staff.base_url) as other:
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
    written = ["app/clinic", *(str(path) for path in (project / "migrations").rglob("*_first_specialties.py"))]

    for command in (
        ["ruff", "check", "--no-cache", *written],
        ["ruff", "format", "--no-cache", "--check", *written],
        ["app", "migrations", "check"],
        ["app", "migrations", "lint"],
        ["mypy", "app/clinic"],
    ):
        await run(project, database_url, "-m", *command)
