from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from cookiecutter.config import DEFAULT_CONFIG

from tests.rendering import Answer, copy_sources, render, write_config
from tests.updating import Shell, new_shell

# Each holds commands that take minutes. In this order the kit's suite and that of a default project run at the same
# time, and the other files, which are short, come last.
LONG = ("test_in_place.py", "test_readme.py", "test_projects.py")


class Bake(Protocol):
    def __call__(self, **answers: Answer) -> Path: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--images", action="store_true", help="write the images of docs/images/ from what tests see")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_sources(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session", autouse=True)
def replay_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Recorded answers name no folders, and cookiecutter would write to the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(DEFAULT_CONFIG, "replay_dir", str(tmp_path_factory.mktemp("replay")))
        yield


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_config(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def bake(template: Path, config: Path, tmp_path_factory: pytest.TempPathFactory) -> Bake:
    """Renders a project into a new folder, each time it is called."""

    def baked(**answers: Answer) -> Path:
        return render(template, tmp_path_factory.mktemp("baked"), config=config, **answers)

    return baked


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A user's, for tests of updates."""
    return new_shell(tmp_path_factory.mktemp("user"))


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """A folder deep enough for `../..` to stay within the test's own."""
    folder = tmp_path / "one" / "two" / "three"
    folder.mkdir(parents=True)
    return folder
