"""Rendered projects prove themselves: their own checks and suites, on SQLite and on a real Postgres."""

import os
import re
from collections.abc import Generator
from pathlib import Path

import pytest

from benchmarks.postgres import own_postgres
from tests.conftest import Bake
from tests.machines import run_module
from tests.pairs import PAIRS
from tests.rendering import ROOT, SERVICE, Answer, contents
from tests.test_readme import FEATURES

# The default project runs the README's commands in its own environment. No answer changes a Python file, so a pair
# leaves out the kit's tests, which pass in place, and tests that start processes, except the boot of a new service.
# The nightly run has the whole suite of each pair. Of all combinations only the barest runs each time.
BARE: dict[str, Answer] = {"ci": "none", "license": "Proprietary", "container_files": False}
WHOLE = ("pytest", "-q")
WITHOUT_KIT = ("pytest", "-q", "--ignore=tests/kit")
QUICK = (*WITHOUT_KIT, "--quick")
OWN_AND_GATES = ("pytest", "-q", *(f"tests/{name}" for name in ("books", "price_lists", "contract", "migrations")))
SPEAKING = {".md", ".py", ".yaml", ".yml", ".toml", ".json", ".example"}
SHOP = re.compile(
    r"\b(?:customers?|tiers?|products?|shops?|baskets?|categor(?:y|ies)|revenue)\b"
    r"|\b(?:app|tests)[./](?:customers|catalog|orders|reports)\b|/orders\b|with orders",
    re.IGNORECASE,
)
OTHER_MEANINGS = {("seed.py", "product")}  # of itertools
WITH_EXAMPLES = pytest.mark.skipif(
    "# example" not in (SERVICE / "app" / "features.py").read_text(encoding="utf-8"), reason="a fork may have none"
)
SIZES_MAX = {
    "files of a default project": 463,
    "lines of app": 5020,
    "lines of tests": 8551,
    "lines of app without the examples": 3501,
    "lines of tests without the examples": 5876,
}
CHECKS = ("ruff check", "ruff format --check", "mypy")
# Of the packages, above all, which are the same for all projects; two processes must not write one.
TYPES_CACHE = ROOT / ".cache" / "projects" / os.environ.get("PYTEST_XDIST_WORKER", "single")


@pytest.fixture(scope="session")
def postgres() -> Generator[str]:
    """One server for all suites; each creates its own databases."""
    with own_postgres() as url:
        yield url


def assert_green(project: Path, *suite: str, postgres: str) -> None:
    for check in CHECKS:
        ended = run_module(project, *check.split(), MYPY_CACHE_DIR=str(TYPES_CACHE))
        assert ended.returncode == 0, ended.stdout + ended.stderr
    ended = run_module(project, *suite, TEST_DATABASE_URL=postgres)
    assert ended.returncode == 0, ended.stdout
    assert " passed" in ended.stdout
    assert "skipped" not in ended.stdout


@pytest.mark.parametrize(
    "suite",
    [
        pytest.param(QUICK, marks=pytest.mark.matrix, id="quick"),
        pytest.param(WHOLE, marks=pytest.mark.nightly, id="whole"),
    ],
)
@pytest.mark.parametrize("answers", PAIRS, ids=lambda answers: "-".join(map(str, answers.values())))
def test_a_project_of_each_pair_of_answers_passes_its_own_checks_and_its_suite_on_both_databases(
    bake: Bake, postgres: str, answers: dict[str, Answer], suite: tuple[str, ...]
) -> None:
    assert_green(bake(**answers), *suite, postgres=postgres)


def run_command(project: Path, command: str) -> None:
    """Run a command of the README with the packages of these tests."""
    ended = run_module(project, *command.removeprefix("uv run python -m ").split())
    assert ended.returncode == 0, ended.stdout + ended.stderr


@WITH_EXAMPLES
@pytest.mark.parametrize(
    ("which", "suite"),
    [
        pytest.param("--examples", QUICK, marks=pytest.mark.stories, id="examples-quick"),
        *(
            pytest.param(which, WITHOUT_KIT, marks=pytest.mark.nightly, id=which.replace("--", ""))
            for which in (
                "--examples",
                "reports",
                "reports orders",
                "reports orders --deployed",
                "idempotency --examples",
            )
        ),
    ],
)
def test_features_are_deleted_and_the_rest_stays_green(
    bake: Bake, postgres: str, which: str, suite: tuple[str, ...]
) -> None:
    project = bake(ci="gitlab", benchmarks=True)

    run_command(project, f"uv run python -m app feature delete {which} --yes")
    run_command(project, "uv run python -m app migrations check")
    run_command(project, "uv run python -m app migrations lint")

    assert_green(project, *suite, postgres=postgres)
    run_command(project, "uv run python -m benchmarks --size 20 --seconds 0.1")  # of whatever routes are left


@pytest.fixture(scope="session")
def without_examples(bake: Bake) -> Path:
    project = bake(ci="gitlab", project_name="Field Notes")
    run_command(project, FEATURES[-1])
    return project


@WITH_EXAMPLES
def test_without_the_examples_nothing_speaks_of_them(without_examples: Path) -> None:
    project = without_examples

    own = (path for path in project.rglob("*") if "tortoise_kit" not in path.parts)  # the library has examples of shops
    texts = {path: path.read_text(encoding="utf-8") for path in own if path.suffix in SPEAKING}
    found = [(path.name, word) for path, text in texts.items() for word in SHOP.findall(text)]
    assert [(name, word) for name, word in found if (name, word) not in OTHER_MEANINGS] == []
    assert len(list((project / "migrations" / "models").glob("*.py"))) == 1


def lines(folder: Path) -> int:
    """The lines of all Python files below the folder."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in folder.rglob("*.py"))


@WITH_EXAMPLES
def test_a_project_is_small_to_own(bake: Bake, without_examples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = bake()
    sizes = {
        "files of a default project": len(contents(project)),
        "lines of app": lines(project / "app"),
        "lines of tests": lines(project / "tests"),
        "lines of app without the examples": lines(without_examples / "app"),
        "lines of tests without the examples": lines(without_examples / "tests"),
    }

    with capsys.disabled():
        print(f"\n{sizes}; {lines(project)} lines of Python in all ", end="")  # noqa: T201 - numbers to watch over time
    assert {name: size for name, size in sizes.items() if size > SIZES_MAX[name]} == {}


@pytest.mark.parametrize(
    "suite",
    [
        pytest.param(OWN_AND_GATES, marks=pytest.mark.stories, id="gates"),
        pytest.param(WHOLE, marks=pytest.mark.nightly, id="whole"),
    ],
)
def test_new_features_are_green_from_the_first_line(bake: Bake, postgres: str, suite: tuple[str, ...]) -> None:
    project = bake(**BARE)

    run_command(project, FEATURES[0])
    run_command(project, "uv run python -m app feature new price_lists")
    run_command(project, "uv run python -m app migrations check")
    run_command(project, "uv run python -m app migrations lint")

    assert_green(project, *suite, postgres=postgres)


@pytest.mark.stories
def test_a_feature_that_is_made_and_deleted_leaves_the_project_as_it_was(bake: Bake) -> None:
    project = bake()
    before = without_times(project)

    run_command(project, FEATURES[0])
    made = without_times(project)
    run_command(project, FEATURES[1])

    assert len(made) > len(before) + 10
    assert without_times(project) == before


def without_times(project: Path) -> dict[str, bytes]:
    """All files but caches; the time in the name of a migration is left out."""
    named = {re.sub(r"_\d{14}_", "_", path): content for path, content in contents(project).items()}
    return {path: content for path, content in named.items() if not re.search(r"__pycache__|^\.\w+_cache/", path)}


def test_a_suite_without_a_database_fails_and_says_what_to_do(bake: Bake) -> None:
    project = bake()

    nowhere = "postgres://127.0.0.1:1/x"
    ended = run_module(project, "pytest", "-q", "-x", "-n", "0", "--db", "postgres", TEST_DATABASE_URL=nowhere)

    assert ended.returncode == 1
    assert "skipped" not in ended.stdout
