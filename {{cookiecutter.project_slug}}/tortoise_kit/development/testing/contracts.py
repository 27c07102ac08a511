"""The pytest plugin's part for contracts: what each feature declares in `tests/NAME/contract.py`.

`pytest tests/NAME` also runs the tests of `tests/contract` that are marked `feature("NAME")`. With `--accept` a test
passes what it measured to the fixture `accept`, and the run ends with a diff of what is then written.
"""

import difflib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tortoise_kit.development.testing.accepting import rewritten
from tortoise_kit.development.testing.outcomes import Outcome, Place, constants

CONTRACT = "contract"
SELECTED = pytest.StashKey[set[str]]()
SHOWN = pytest.StashKey[list[str]]()

_found: list[dict[str, Any]] = []  # of the tests of this process, or of all where it is the user's


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    text = "write the statuses, numbers of queries and parts of the API that the tests found, after showing them"
    parser.addoption("--accept", action="store_true", help=text)


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark."""
    config.addinivalue_line("markers", "feature(name): belongs to a feature; `pytest tests/NAME` runs it too")
    config.stash[SHOWN], config.stash[SELECTED] = [], set()


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Where whole folders of features are run, collect the contract's tests as well."""
    config = session.config
    paths = [(config.invocation_params.dir / each).resolve() for each in config.args]
    features = [path for path in paths if (path / "contract.py").is_file()]
    folders = {path.parent / CONTRACT for path in features}
    if folders and not any(folder.is_relative_to(path) for folder in folders for path in paths):
        config.stash[SELECTED] = {path.name for path in features}
        config.args += map(str, sorted(folders))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of the contract's tests keep those of the features that are run."""
    if selected := config.stash[SELECTED]:
        others = [each for each in items if each.path.parent.name == CONTRACT and not _features(each) & selected]
        config.hook.pytest_deselected(items=others)
        items[:] = [each for each in items if each not in others]


def _features(item: pytest.Item) -> set[str]:
    return {name for mark in item.iter_markers("feature") for name in mark.args}


class Accept:
    """Keeps what tests found, for the end of the run; false without `--accept`."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._properties = request.node.user_properties
        self._wanted = bool(request.config.getoption("--accept"))

    def __bool__(self) -> bool:
        return self._wanted

    def line(self, call: str, place: Place, declared: dict[str, int], slot: str, value: int) -> None:
        """The value of a slot of the line at `place`."""
        outcome = Outcome(call, place.path, place.line, declared, slot, value, constants(place.path))
        self._keep(asdict(outcome))

    def file(self, path: Path, text: str, shown: list[str]) -> None:
        """The new text of a whole file, and what is shown of it."""
        self._keep({"file": str(path), "text": text, "shown": shown})

    def _keep(self, found: dict[str, Any]) -> None:
        self._properties.append(("accept", json.dumps(found)))  # processes exchange only plain types


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> Accept:
    """What `--accept` writes."""
    return Accept(request)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Collect what tests accepted, in whichever process they ran."""
    if report.when == "call":
        _found.extend(json.loads(str(found)) for name, found in report.user_properties if name == "accept")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what was accepted, once, in the process that the user started."""
    if hasattr(session.config, "workerinput") or not session.config.getoption("--accept"):
        return
    texts, problems = rewritten([Outcome(**each) for each in _found if "call" in each])
    shown = [line for path, text in texts.items() for line in _diff(path, text)]
    for each in _found:
        if "file" in each:
            texts[Path(each["file"])] = each["text"]
            shown += [f"{Place(each['file'], 1)}: {line}" for line in each["shown"]]
    session.config.stash[SHOWN] = [*shown, *(f"not written: {each}" for each in problems)] or ["nothing to accept"]
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    if problems:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _diff(path: Path, text: str) -> list[str]:
    name = str(Place(str(path), 1)).rpartition(":")[0]
    old = path.read_text(encoding="utf-8").splitlines()
    return list(difflib.unified_diff(old, text.splitlines(), name, name, n=1, lineterm=""))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show what was accepted."""
    if shown := config.stash[SHOWN]:
        terminalreporter.section("accepted")
        for line in shown:
            terminalreporter.write_line(line, green=line.startswith("+"), red=line.startswith(("-", "not written")))
