"""Every command of both READMEs and of a project's docs, word for word, as a new user runs them."""

import asyncio
import json
import re
import subprocess
from collections.abc import Generator
from pathlib import Path
from shutil import copytree, ignore_patterns
from urllib.parse import urlencode
from urllib.request import Request

import asyncpg
import pytest
import yaml

from tests.conftest import Bake
from tests.machines import Machine, commands, open_directly, path_with_uv
from tests.rendering import PORT, ROOT, SERVICE, copy_sources

FIRST, SECOND = commands(ROOT / "README.md")
(ANSWERS,) = commands(ROOT / "docs" / "answers.md")
DEV = "uv run python -m app dev --seed 200"
SERVE = "uv run python -m app serve --workers 2"
UPGRADE = "uv run python -m app migrations upgrade"
JINJA_PORT = "{{ cookiecutter._port }}"
FASTAPI_DEV = f"uv run fastapi dev --port {JINJA_PORT}"
LOG_SQL = "LOG_SQL=1 uv run python -m app dev"
CURL = [command for command in commands(SERVICE / "README.md") if "curl" in command]
POSTGRES = "uv run python -m tortoise_kit.development.testing.postgres"
# In this order each finds what it needs.
ON_POSTGRES = ["uv run python -m app migrations upgrade", "uv run python -m app seed --size 1000"]
STATEMENTS = "uv run python -m app slow-queries --by total"
CLEANUP = ["uv run python -m app cleanup --dry-run", "uv run python -m app cleanup --batch 1000"]
OPERATE = [
    "uv run python -m app doctor",
    "uv run python -m app doctor --json",
    "uv run python -m app shell < script.py",
    'uv run python -m app shell -c "print(await User.all().count())"',
]
AFTER_A_CHANGE = [
    "uv run python -m app migrations make add_colour",
    "uv run python -m app migrations upgrade",
    "uv run python -m app migrations history",
    "uv run python -m app migrations downgrade --yes",
    "uv run python -m app migrations check",
]
SIMPLE = [
    "uv run pytest",
    "uv run pytest --db sqlite",
    "uv run --no-group postgres pytest --db sqlite",
    "uv run ruff check",
    "uv run ruff format --check",
    "uv run mypy",
    "uv run python -m app schemas check",
    "uv run python -m app schemas write",
    "uv run python -m app migrations check",
    "uv run python -m app migrations check --database",
    "uv run python -m app migrations lint",
    "uv run pre-commit install",
    "uv run python -m benchmarks --size 1000 --seconds 1",
]
LONG = {command for command in SIMPLE if "benchmarks" in command or "--db sqlite" in command}
# Run where features are made and deleted: tests/test_projects.py.
FEATURES = [
    "uv run python -m app feature new books",
    "uv run python -m app feature delete books --yes",
    "uv run python -m app feature delete --examples --yes",
]
PERCENT_OF_A_SERVER = 40  # less if only its imports are counted
COVERAGE = [f"uv run --group coverage coverage {words}" for words in ("run -m pytest", "combine", "report")]
# The commands of the recipes are run by their tests, and those of traces by tests/service/test_traces.py.
RECIPES = {"example.md", "password-reset.md"}
DOCS = sorted(path for path in (SERVICE / "docs").glob("*.md") if path.name not in RECIPES)
OTEL = [
    "uv sync --group otel",
    "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 uv run --group otel python -m app serve",
]
PAGES = [SERVICE / "README.md", SERVICE / "benchmarks" / "README.md", *DOCS]
NAMED = [command for page in PAGES for command in commands(page)]


def get(path: str, **headers: str) -> bytes:
    with open_directly(Request(f"http://127.0.0.1:{PORT}{path}", headers=headers), timeout=10) as answer:
        body: bytes = answer.read()
        return body


def lists() -> dict[str, int]:
    """How many items the first page of each list has, as an admin; lists below a parameter are left out."""
    paths = json.loads(get("/openapi.json"))["paths"]
    found = {path: {each["name"] for each in of.get("get", {}).get("parameters", ())} for path, of in paths.items()}
    admin = bearer("admin@example.com")
    own = [path for path, names in found.items() if "cursor" in names and "{" not in path]
    return {path: len(json.loads(get(path, **admin))["items"]) for path in own}


def bearer(username: str) -> dict[str, str]:
    """The header of a login with an account that the README names."""
    table = (SERVICE / "README.md").read_text(encoding="utf-8")
    known = dict(re.findall(r"^\| `(\S+@\S+)` \| `(.+?)` \|", table, re.MULTILINE))
    form = urlencode({"grant_type": "password", "username": username, "password": known[username]})
    with open_directly(f"http://127.0.0.1:{PORT}/api/v1/auth/token", form.encode(), timeout=10) as answer:
        return {"Authorization": f"Bearer {json.loads(answer.read())['access_token']}"}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return copy_sources(tmp_path / "home" / "clone")


@pytest.fixture
def new_machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "home")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine(tmp_path_factory.mktemp("home"), path=path_with_uv())


@pytest.fixture(scope="module")
def project(bake: Bake, machine: Machine) -> Path:
    project = bake(benchmarks=True)
    machine.run("git init --quiet && git add --all && git commit --quiet --message First", cwd=project)
    return project


def test_a_new_project_passes_before_a_commit_and_leaves_only_its_lock_to_commit(
    project: Path, machine: Machine
) -> None:
    install = workflow_commands(project)[1]
    machine.run(install, cwd=project)
    checks = machine.run("uv run pre-commit run --all-files", cwd=project)

    assert "Failed" not in checks
    assert machine.run("git status --porcelain", cwd=project) == "?? uv.lock\n"
    machine.run(f"git add uv.lock && git commit --quiet --message Lock && {install}", cwd=project)
    assert machine.run("git status --porcelain", cwd=project) == ""


def test_the_jobs_of_a_project_fail_if_its_lock_does_not_fit(project: Path, machine: Machine, tmp_path: Path) -> None:
    copytree(project, tmp_path / "project", ignore=ignore_patterns(".venv"))
    file = tmp_path / "project" / "pyproject.toml"
    machine.run("uv lock", cwd=file.parent)
    file.write_text(file.read_text().replace('  "anyio>=4.16,<5",\n', '  "anyio>=4.16,<5",\n  "iniconfig>=2",\n'))

    with pytest.raises(AssertionError, match=r"needs to be updated, but `--locked` was\s+provided"):
        machine.run(workflow_commands(project)[1], cwd=file.parent)


def workflow_commands(project: Path) -> list[str]:
    """What the usual job of a project on GitHub runs."""
    steps = yaml.safe_load((project / ".github" / "workflows" / "ci.yaml").read_text())["jobs"]["check"]["steps"]
    return [step["run"] for step in steps if "run" in step]


@pytest.fixture
def scratch_postgres(project: Path, machine: Machine) -> Generator[str]:
    with subprocess.Popen(
        ["bash", "-c", POSTGRES],  # noqa: S607 - the shell of this machine
        cwd=project,
        env=machine.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()


def test_the_first_command_serves_a_filled_service_on_a_new_machine(clone: Path, new_machine: Machine) -> None:
    with new_machine.serving(FIRST, cwd=clone, port=PORT):
        found = lists()
        docs = get("/docs")

    assert all(found.values()), found
    assert b"swagger-ui" in docs


def test_the_second_command_is_what_ci_runs() -> None:
    """Running it here would run this test again."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    install, run = SECOND.split(" && ")

    assert install.removesuffix("uv") in script
    assert re.search(rf"^{re.escape(run)}", script, re.MULTILINE)


def test_answers_are_taken_from_the_command_line(clone: Path, machine: Machine) -> None:
    machine.run(ANSWERS, cwd=clone)

    assert (clone.parent / "book-store" / ".gitlab-ci.yml").exists()


def test_every_command_of_a_projects_readme_is_run_here() -> None:
    expected = {DEV, SERVE, POSTGRES, *ON_POSTGRES, STATEMENTS, *CLEANUP, *AFTER_A_CHANGE, *SIMPLE, *FEATURES}
    expected |= {FASTAPI_DEV, LOG_SQL, *CURL, *OPERATE, *OTEL, *COVERAGE}

    assert set(NAMED) <= expected
    assert set(commands(SERVICE / "AGENTS.md")) <= set(NAMED)


def test_dev_migrates_fills_and_serves(project: Path, machine: Machine) -> None:
    names = ("admin", "staff", "member")
    with machine.serving(DEV, cwd=project, port=PORT):
        roles = [json.loads(get("/api/v1/auth/me", **bearer(f"{name}@example.com")))["role"] for name in names]
        found = lists()
        me = machine.run("\n".join(CURL).replace(JINJA_PORT, str(PORT)), cwd=project)

    assert roles == list(names)
    assert all(found.values()), found
    assert json.loads(me)["email"] == "member@example.com"


def test_the_statements_of_a_request_are_shown_on_demand(project: Path, machine: Machine) -> None:
    with machine.serving(LOG_SQL, cwd=project, port=PORT):
        get("/api/v1/products")
    log = (machine.home / "server.log").read_text(encoding="utf-8")

    assert re.search(
        r"GET /api/v1/products: \d+ queries\n(.*\n)* +\d+\.\d ms  SELECT .* -- app/catalog/\w+\.py:\d+", log
    )


def test_fastapis_own_command_serves(project: Path, machine: Machine) -> None:
    machine.run(UPGRADE, cwd=project)

    with machine.serving(FASTAPI_DEV.replace(JINJA_PORT, str(PORT)), cwd=project, port=PORT):
        assert b"swagger-ui" in get("/docs")


@pytest.mark.parametrize(
    "command",
    [pytest.param(each, marks=[pytest.mark.nightly] * (each in LONG)) for each in SIMPLE if each in NAMED],
)
def test_a_simple_command_succeeds(project: Path, machine: Machine, command: str) -> None:
    part = "tests/accounts" if "pytest --db" in command else ""  # the whole suite runs once, on both databases
    machine.run(command, cwd=project, PYTEST_ADDOPTS=part)


@pytest.mark.stories
def test_coverage_counts_what_commands_and_servers_run(project: Path, machine: Machine) -> None:
    part = "--db sqlite tests/service/test_start.py tests/commands/test_seed.py"
    *_, printed = [machine.run(command, cwd=project, PYTEST_ADDOPTS=part) for command in COVERAGE]

    percent = {line.split()[0]: int(line.split()[-1][:-1]) for line in printed.splitlines() if line.endswith("%")}
    assert percent.get("app/cli/server.py", 100) > PERCENT_OF_A_SERVER
    assert percent.get("tortoise_kit/server/protocol.py", 100) > PERCENT_OF_A_SERVER


def test_a_healthy_database_is_examined_and_scripts_use_it(project: Path, machine: Machine, tmp_path: Path) -> None:
    database, script = tmp_path / "app.db", tmp_path / "script.py"
    database.touch(mode=0o600)
    script.write_text("print(await User.all().count())")
    url = f"sqlite://{database}"
    machine.run(UPGRADE, cwd=project, DATABASE_URL=url)

    commands = [command.replace("script.py", str(script)) for command in OPERATE]
    printed = [machine.run(command, cwd=project, DATABASE_URL=url) for command in commands]

    assert printed == ["The database is healthy.\n", "[]\n", "0\n", "0\n"]


def test_on_postgres_a_database_is_migrated_filled_and_served(
    project: Path, machine: Machine, scratch_postgres: str
) -> None:
    for command in ON_POSTGRES:
        machine.run(command, cwd=project, DATABASE_URL=scratch_postgres)
    with machine.serving(SERVE, cwd=project, port=PORT, DATABASE_URL=scratch_postgres):
        found = lists()

    asyncio.run(count_statements(scratch_postgres))
    for command in CLEANUP:
        machine.run(command, cwd=project, DATABASE_URL=scratch_postgres)
    listed = machine.run(STATEMENTS, cwd=project, DATABASE_URL=scratch_postgres)

    assert all(found.values()), found
    assert all(word in listed for word in ("calls", "blocks", "SELECT"))


async def count_statements(database_url: str) -> None:
    """What the README leaves to a superuser."""
    connection = await asyncpg.connect(database_url, timeout=10)
    try:
        await connection.execute("CREATE EXTENSION pg_stat_statements")
    finally:
        await connection.close()


def test_a_change_of_a_model_becomes_a_migration_and_is_taken_back(project: Path, machine: Machine) -> None:
    """The last of this file: it changes the project."""
    models = project / "app" / "accounts" / "models.py"
    before = models.read_text()
    models.write_text(
        before.replace("    is_active = ", "    colour = fields.CharField(max_length=20, null=True)\n    is_active = ")
    )

    made, upgraded, history, downgraded, checked = [machine.run(command, cwd=project) for command in AFTER_A_CHANGE]

    assert "add_colour" in made
    assert "add_colour" in upgraded
    assert re.search(r"\[x\] \d+_\d+_add_colour", history)
    assert "add_colour" in downgraded
    assert "agree" in checked
