"""On each day, for each user, in each place: the same answers give the same bytes, and a project passes its suite."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from shutil import copytree

import pytest
import yaml

from tests.conftest import Bake
from tests.machines import COMMAND_SECONDS, path_with_uv
from tests.rendering import DEFAULT_SLUG, ROOT, TIMEOUT_SECONDS, Answer, contents, render, run_command, sources

ANSWERS: dict[str, Answer] = {"project_name": "Ärzte 数据 🚀", "author_name": "Ängström", "ci": "gitlab"}
FORBIDDEN_EXIT_CODE = 97
# Read by each Python of a render, the hooks' too. A process that looks for the network or starts a program that is no
# Python ends there and then.
GUARD = f"""
import os, sys

def guard(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        os._exit({FORBIDDEN_EXIT_CODE})
    if event == "subprocess.Popen" and arguments[0] != sys.executable:
        os._exit({FORBIDDEN_EXIT_CODE})

sys.addaudithook(guard)
"""
# Every clock is more than a year ahead.
LATER = """
import datetime, time

seconds = 400 * 24 * 3600
now, today = time.time, datetime.date.today

class Later(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(seconds=seconds)

    @classmethod
    def utcnow(cls):
        return super().now(datetime.UTC).replace(tzinfo=None) + datetime.timedelta(seconds=seconds)

class LaterDate(datetime.date):
    @classmethod
    def today(cls):
        return today() + datetime.timedelta(seconds=seconds)

time.time = lambda: now() + seconds
datetime.datetime, datetime.date = Later, LaterDate
"""
NOWHERE = "http://127.0.0.1:9"
PLACES = {
    "without git": {"PATH": "/nonexistent"},
    "another user": {"HOME": "{tmp_path}/home", "USER": "somebody", "LOGNAME": "somebody"},
    "another locale and time zone": {
        "LC_ALL": "POSIX",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONUTF8": "0",
        "TZ": "Pacific/Kiritimati",
    },
    "another seed of hashes": {"PYTHONHASHSEED": "4242"},
    "no seed of hashes": {"PYTHONHASHSEED": "0"},
    "another time zone": {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8"},
}


@pytest.fixture(scope="session")
def usual(bake: Bake) -> dict[str, bytes]:
    return contents(bake(**ANSWERS))


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """The answers as a file: on a command line a locale without them could not tell these letters."""
    config = tmp_path / "answers.yml"
    folders = {"replay_dir": f"{tmp_path}/replay", "cookiecutters_dir": f"{tmp_path}/cookiecutters"}
    config.write_text(yaml.safe_dump({**folders, "default_context": ANSWERS}), encoding="utf-8")
    return config


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "output"
    folder.mkdir()
    return folder


def rendered(
    template: Path, output: Path, config: Path, variables: Mapping[str, str], *, umask: int = -1
) -> dict[str, bytes]:
    """What a process with these environment variables renders."""
    ended = run_command(template, output, config=config, environment={**os.environ, **variables}, umask=umask)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    [project] = output.iterdir()
    return contents(project)


def on_start(folder: Path, code: str) -> str:
    """A path for `PYTHONPATH` by which each Python runs the code when it starts."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(code, encoding="utf-8")
    return str(folder)


def git(*arguments: str, cwd: Path) -> None:
    identity = ("-c", "user.name=A User", "-c", "user.email=user@example.org")
    subprocess.run(
        ["git", *identity, *arguments],  # noqa: S607 - the git of this machine
        cwd=cwd,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull},
        check=True,
        timeout=TIMEOUT_SECONDS,
    )


def cloned_with_crlf(folder: Path, to: Path) -> Path:
    """A clone as Windows makes it of a repository that holds the folder's files."""
    git("init", "--quiet", cwd=folder)
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--message", "First", cwd=folder)
    git("-c", "core.autocrlf=true", "clone", "--quiet", f"file://{folder}", str(to), cwd=folder)
    return to


@pytest.mark.parametrize("place", PLACES)
def test_a_render_does_not_depend_on(
    template: Path, usual: dict[str, bytes], answers: Path, output: Path, place: str
) -> None:
    variables = {name: value.format(tmp_path=output.parent) for name, value in PLACES[place].items()}

    assert rendered(template, output, answers, variables) == usual


def test_a_render_does_not_depend_on_the_day(
    template: Path, usual: dict[str, bytes], answers: Path, output: Path
) -> None:
    path = on_start(output.parent / "later", LATER)
    year = subprocess.run(
        [sys.executable, "-c", "import datetime; print((datetime.date.today() - datetime.date(2000, 1, 1)).days)"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        check=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )

    assert rendered(template, output, answers, {"PYTHONPATH": path}) == usual
    assert int(year.stdout) > 10_000  # the clock was another one


def test_a_render_does_not_depend_on_the_mask_of_new_files(
    template: Path, usual: dict[str, bytes], answers: Path, output: Path
) -> None:
    assert rendered(template, output, answers, {}, umask=0o077) == usual
    assert [path for path in output.rglob("*") if path.is_file() and path.stat().st_mode & 0o111] == []


def test_a_render_needs_no_network_and_starts_nothing_but_its_hooks(
    template: Path, usual: dict[str, bytes], answers: Path, output: Path
) -> None:
    variables = {
        "PYTHONPATH": on_start(output.parent / "guard", GUARD),
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), NOWHERE),
    }

    assert rendered(template, output, answers, variables) == usual


@pytest.mark.parametrize(
    "code", [f"import urllib.request; urllib.request.urlopen('{NOWHERE}')", "import subprocess; subprocess.run('git')"]
)
def test_the_guard_of_the_test_above_ends_what_it_should(tmp_path: Path, code: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": on_start(tmp_path / "guard", GUARD)},
        capture_output=True,
        check=False,
        timeout=TIMEOUT_SECONDS,
    )

    assert ended.returncode == FORBIDDEN_EXIT_CODE


def test_paths_may_hold_spaces_and_any_letters(
    template: Path, usual: dict[str, bytes], config: Path, tmp_path: Path
) -> None:
    odd = tmp_path / "with spaces, ünïcode 数据 & 'quotes' $HOME"
    moved = copytree(template, odd / "the template")
    answers = [f"{name}={value}" for name, value in ANSWERS.items()]
    into = odd / "my projects"
    into.mkdir()

    ended = run_command(moved, into, *answers, config=config)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    [project] = into.iterdir()
    assert contents(project) == usual


def test_a_folder_that_exists_is_refused_and_left_as_it_is(template: Path, config: Path, output: Path) -> None:
    mine = output / DEFAULT_SLUG
    (mine / "app").mkdir(parents=True)
    (mine / "README.md").write_bytes(b"mine\r\n")
    (mine / "app" / "main.py").write_bytes(b"mine = 1\n")
    before = state(output)

    ended = run_command(template, output, config=config)

    assert ended.returncode == 1
    assert ended.stdout.splitlines() == [f'Error: "{DEFAULT_SLUG}" directory already exists']
    assert ended.stderr == ""
    assert state(output) == before


def state(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Each path with its times, its mode and its bytes."""
    return {
        str(path): (path.stat().st_mtime_ns, path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in [folder, *folder.rglob("*")]
    }


def test_a_clone_of_the_template_on_windows_renders_the_same_bytes(
    template: Path, usual: dict[str, bytes], config: Path, tmp_path: Path
) -> None:
    clone = cloned_with_crlf(copytree(template, tmp_path / "template"), tmp_path / "clone")

    assert contents(render(clone, tmp_path / "output", config=config, **ANSWERS)) == usual


def test_a_clone_of_a_project_on_windows_has_the_same_bytes(
    bake: Bake, usual: dict[str, bytes], tmp_path: Path
) -> None:
    clone = cloned_with_crlf(bake(**ANSWERS), tmp_path / "clone")

    assert {name: data for name, data in contents(clone).items() if not name.startswith(".git/")} == usual


# What calls a server over HTTP, and what keeps it from the proxies of the shell, or reaches no network at all.
PACKAGES = ("httpx2", "websockets", "urllib.request")
CLIENTS = {"AsyncClient", "Client", "connect", "delete", "get", "patch", "post", "put", "request", "stream"}
DIRECT = {"transport", "trust_env", "proxy"}


def calls_by_proxy(source: str) -> list[int]:
    """The lines of a module that create a client of HTTP or of WebSockets which asks the shell for a proxy."""
    if not any(package in source for package in PACKAGES):
        return []
    nodes = list(ast.walk(ast.parse(source)))
    imports = {
        alias.asname or alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(PACKAGES)
        for alias in node.names
    }
    names = {*(f"httpx2.{name}" for name in CLIENTS), *(imports & {*CLIENTS, "urlopen"}), "urllib.request.urlopen"}
    return [
        node.lineno
        for node in nodes
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in names
        and not DIRECT & {str(each.arg) for each in node.keywords}
    ]


def test_no_client_of_a_server_of_this_machine_asks_the_shell_for_a_proxy() -> None:
    found = {
        f"{path}:{line}"
        for path in sources()
        if path.suffix == ".py"
        for line in calls_by_proxy((ROOT / path).read_text(encoding="utf-8"))
    }

    assert found == set()


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("import httpx2\nhttpx2.Client(base_url='http://127.0.0.1')", [2]),
        ("import httpx2\nhttpx2.get('http://127.0.0.1', trust_env=False)", []),
        ("from httpx2 import AsyncClient\nAsyncClient(timeout=2)\nAsyncClient(transport=app)", [2]),
        ("from urllib.request import urlopen\nurlopen('http://127.0.0.1')", [2]),
        ("from websockets.sync.client import connect\nconnect('ws://127.0.0.1')\nconnect('', proxy=None)", [2]),
    ],
)
def test_the_test_above_finds_clients_that_ask_for_a_proxy(source: str, lines: list[int]) -> None:
    assert calls_by_proxy(source) == lines


SETTINGS = {
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing",
    "ENVIRONMENT": "production",
    "LOG_FORMAT": "json",
    "LOG_LEVEL": "ERROR",
    "LOG_SQL": "1",
    "PORT": "9",
    "REQUEST_SECONDS": "0.01",
    "ROOT_PATH": "/elsewhere",
    "SECRET_KEYS": "of-the-shell-and-long-enough-for-a-key",
}
OF_LIBPQ = {
    "PGDATABASE": "nothing",
    "PGHOST": "127.0.0.9",
    "PGOPTIONS": "-c search_path=nowhere -c default_transaction_read_only=on",
    "PGPASSFILE": "/nonexistent",
    "PGPORT": "9",
    "PGSERVICE": "nowhere",
    "PGSSLMODE": "require",
    "PGTARGETSESSIONATTRS": "standby",
    "PGUSER": "nobody",
}
PROXIES = ("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "WS_PROXY", "all_proxy", "http_proxy", "https_proxy", "ws_proxy")
PLUGINS = ("pytest-asyncio", "pytest-cov", "pytest-randomly", "pytest-timeout")
PROCESSES = ("tests/commands/test_seed.py", "tests/service/test_boot.py")  # which --quick leaves out
# Unknown without the plugins. In the order of the files: plans of SQLite depend on which tests ran before.
OF_PLUGINS = ("--asyncio-mode=strict", "--randomly-dont-reorganize", "--randomly-seed=7", "--timeout=600")
# In Turkish the upper case of i is another letter, and Nepal is 5:45 hours ahead of UTC.
LANGUAGE = "tr_TR.UTF-8"
OF_PYTHON_AND_C = {"LC_ALL": LANGUAGE, "PYTHONASYNCIODEBUG": "1", "PYTHONWARNINGS": "error", "TZ": "Asia/Kathmandu"}
ODD_FOLDER = "it's a larger repository 🐢"
OF_A_LARGER_REPOSITORY = {
    "conftest.py": "raise RuntimeError('the conftest of another project')\n",
    "pyproject.toml": "[tool.pytest]\naddopts = ['--unknown']\n[tool.ruff]\nextend = 'nowhere.toml'\n",
    "pytest.ini": "[pytest]\naddopts = --unknown\n",
    "tests/__init__.py": "raise RuntimeError('the tests of another project')\n",
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables that a developer may have, and a folder of packages with other plugins of pytest."""
    packages, locales = tmp_path_factory.mktemp("packages"), tmp_path_factory.mktemp("locales")
    install = ["uv", "pip", "install", "--quiet", "--python", sys.executable, "--no-deps", "--target", str(packages)]
    compile_locale = ["localedef", "-i", "tr_TR", "-f", "UTF-8", str(locales / LANGUAGE)]
    for command in ([*install, *PLUGINS, "coverage"], compile_locale):
        subprocess.run(command, env={**os.environ, "PATH": path_with_uv()}, check=True, timeout=TIMEOUT_SECONDS)
    given = {"PATH": os.defpath, "PYTHONPATH": str(packages), "LOCPATH": str(locales)}
    return given | SETTINGS | OF_LIBPQ | OF_PYTHON_AND_C | dict.fromkeys(PROXIES, NOWHERE)


@pytest.fixture
def project_of_a_larger_repository(template: Path, config: Path, tmp_path: Path) -> Path:
    larger = tmp_path / ODD_FOLDER
    for name, text in OF_A_LARGER_REPOSITORY.items():
        (larger / name).parent.mkdir(parents=True, exist_ok=True)
        (larger / name).write_text(text, encoding="utf-8")
    project = render(template, larger / "services", config=config)
    (project / ".env").write_text("".join(f"{name}={value}\n" for name, value in SETTINGS.items()), encoding="utf-8")
    return project


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("suite", "home", "umask"),
    [
        pytest.param(("--quick",), {}, 0o077, id="no home, files for their owner only"),
        pytest.param(PROCESSES, {"HOME": "/proc"}, 0, id="read-only home, files for all"),
    ],
)
def test_a_project_passes_its_suite_on_a_hostile_machine(
    hostile: dict[str, str],
    project_of_a_larger_repository: Path,
    suite: tuple[str, ...],
    home: dict[str, str],
    umask: int,
) -> None:
    """All at once, so a failure may have any of these reasons: take some away to find which."""
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *OF_PLUGINS, *suite],
        cwd=project_of_a_larger_repository,
        env={**hostile, **home},
        umask=umask,
        capture_output=True,
        check=False,
        text=True,
        timeout=COMMAND_SECONDS,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert re.search(r"^\d+ passed", ended.stdout, re.MULTILINE)
