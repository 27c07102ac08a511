"""The suites of Tortoise and asyncpg end on the kit as on stock, except for the list in `differences.toml`."""

import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.postgres import own_postgres
from tests.peers.suites import HERE, SUITES, Environment

pytestmark = pytest.mark.peers

LISTED: dict[str, dict[str, str]] = tomllib.loads((HERE / "differences.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with own_postgres() as url:
        yield url


@pytest.fixture(scope="module", params=[False, True], ids=["in_use", "newest"])
def environment(request: pytest.FixtureRequest) -> Iterator[Environment]:
    """With the releases of these tests, or with the newest that the project's ranges allow."""
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        environment = Environment(Path(folder), newest=request.param)
        environment.build()
        yield environment


@pytest.mark.parametrize("name", SUITES)
def test_the_suite_ends_on_the_kit_as_on_stock(
    name: str, environment: Environment, postgres: str, capfd: pytest.CaptureFixture[str]
) -> None:
    suite, listed = SUITES[name], LISTED[name]
    with capfd.disabled():  # it shows its progress
        print(f"\n{name}, {suite.distribution} {environment.version(suite.distribution)}")  # noqa: T201
        found = environment.differences(suite, postgres=postgres, listed=listed)

    unlisted = [f'"{test}" = "{how}"' for test, how in found.items() if test not in listed]
    assert not unlisted, f"give each its reason in differences.toml:\n[{name}]\n" + "\n".join(unlisted)
    stale = [] if environment.newest else sorted(listed.keys() - found.keys())
    assert not stale, f"these end alike now, delete them from differences.toml: {', '.join(stale)}"
