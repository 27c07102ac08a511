"""The commands of `docs/benchmarks.md`, word for word, with options that make them short."""

from collections.abc import Generator
from pathlib import Path

import pytest

from benchmarks.postgres import own_postgres
from tests.machines import Machine, commands, path_with_uv
from tests.rendering import FOLDER, ROOT, copy_sources

URL, BEFORE = "postgres://…", "FOLDER"
# What makes each short, and what its table has.
SHORT = {
    "uv run --group benchmarks python -m benchmarks --size small --short": (
        "",
        ["SQLAlchemy", "asyncpg + orjson", "limit"],
    ),
    f"uv run python -m benchmarks --size small --against {BEFORE}": ("--short", ["service before", "50 orders"]),
    "uv run --group benchmarks python -m benchmarks.paging": ("--rows 10000", ["keyset", "OFFSET", "sqlakeyset"]),
    f"uv run python -m benchmarks.pool --database-url {URL}": ("--times 100", ["asyncpg", "stock", "ours"]),
    f"uv run --group benchmarks python -m benchmarks.bulk --database-url {URL}": (
        "--rows 100",
        ["insert_many", "upsert_many", "update_many", "COPY", "sqlalchemy"],
    ),
    "uv run python -m benchmarks.tracing": ("", ["GET /orders, first page", "POST /orders with Idempotency-Key"]),
}


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine(tmp_path_factory.mktemp("home"), path=path_with_uv())


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_sources(tmp_path_factory.mktemp("clone"))


@pytest.fixture(scope="module")
def postgres() -> Generator[str]:
    with own_postgres() as url:
        yield url


def test_every_command_of_the_page_is_run_here() -> None:
    assert commands(ROOT / "docs" / "benchmarks.md") == list(SHORT)


@pytest.mark.nightly
@pytest.mark.parametrize("command", SHORT)
def test_a_benchmark_measures_and_leaves_no_cache_in_the_folder(
    clone: Path, machine: Machine, postgres: str, command: str
) -> None:
    before = set((clone / FOLDER).rglob("*"))
    shortened, words = SHORT[command]
    spelled = command.replace(URL, postgres).replace(BEFORE, f"'{clone / FOLDER}'")

    printed = machine.run(f"{spelled} {shortened}", cwd=clone)

    assert [word for word in words if word not in printed] == []
    assert set((clone / FOLDER).rglob("*")) == before
