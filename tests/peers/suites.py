"""Peers' suites: their source archives, an environment with what they need, and how each of their tests ends."""

import os
import shutil
import subprocess
import tarfile
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from tests.rendering import ROOT, SERVICE

HERE = Path(__file__).parent
INSTALL_SECONDS = 600
SUITE_SECONDS = 600  # of one suite on one subject: a minute on two cores
TEST_SECONDS = 60
PASSED_MIN = 250  # tests of the smallest suite that pass on stock
SUBJECTS = ("stock", "kit")
PINNED = ("aiosqlite", "asyncpg", "pypika-tortoise", "tortoise-orm")
WORST_LAST = ("passed", "skipped", "failed")

type Outcomes = dict[str, str]


@dataclass(frozen=True)
class Suite:
    """A peer's suite, on one database.

    Attributes:
        distribution: The package's name.
        conftest: What to put beside its tests.
        left_out: Files and folders of its tests that have nothing to do with an engine.
    """

    name: str
    distribution: str
    conftest: str
    left_out: Sequence[str] = ()


SUITES = {
    suite.name: suite
    for suite in (
        # The benchmarks skip themselves.
        Suite("tortoise-sqlite", "tortoise-orm", "tortoise_conftest.py", ["tests/benchmarks"]),
        Suite("tortoise-postgres", "tortoise-orm", "tortoise_conftest.py", ["tests/benchmarks"]),
        # The first starts its own servers, to try what a URL may say; the others look at asyncpg's checkout.
        Suite(
            "asyncpg",
            "asyncpg",
            "asyncpg_conftest.py",
            ["tests/test_connect.py", "tests/test__environment.py", "tests/test__sourcecode.py"],
        ),
    )
}


@dataclass(frozen=True)
class Environment:
    """An environment with the kit's dependencies, and with what the peers' suites import.

    Args:
        folder: An empty one.
        newest: Take the newest releases that the ranges of `pyproject.toml` allow, instead of those of these tests.
    """

    folder: Path
    newest: bool = False
    archives: dict[str, Path] = field(default_factory=dict)

    @cached_property
    def python(self) -> Path:
        return self.folder / "environment" / "bin" / "python"

    def build(self) -> None:
        """Install the kit's dependencies, then the peers' archives' own."""
        run("uv", "venv", "--quiet", "environment", cwd=self.folder)
        pins = [] if self.newest else [f"{name}=={version(name)}" for name in PINNED]
        self._install("--group", f"{ROOT / 'pyproject.toml'}:service", "pip", "pytest", "pytest-timeout", *pins)
        for distribution in {suite.distribution for suite in SUITES.values()}:
            self.archives[distribution] = self._unpacked(distribution)
        groups = [f"{self.archives['tortoise-orm'] / 'pyproject.toml'}:{name}" for name in ("test", "contrib")]
        extras = f"tortoise-orm[accel,asyncmy,psycopg]=={self.version('tortoise-orm')}"
        self._install(*(part for group in groups for part in ("--group", group)), extras)
        shutil.copytree(SERVICE / "tortoise_kit", self.folder / "kit" / "tortoise_kit")

    def _install(self, *requirements: str) -> None:
        run("uv", "pip", "install", "--quiet", "--python", str(self.python), *requirements, cwd=self.folder)

    def version(self, distribution: str) -> str:
        """The release that is installed here."""
        code = f"from importlib.metadata import version; print(version({distribution!r}))"
        return run(str(self.python), "-c", code, cwd=self.folder).strip()

    def _unpacked(self, distribution: str) -> Path:
        """The folder of its source archive."""
        release = f"{distribution}=={self.version(distribution)}"
        into = self.folder / "archives" / distribution
        download = ("-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", distribution, "--dest", str(into))
        run(str(self.python), *download, release, cwd=self.folder)
        (archive,) = into.glob("*.tar.gz")
        with tarfile.open(archive) as files:
            files.extractall(into, filter="data")
        (folder,) = (path for path in into.iterdir() if path.is_dir())
        return folder

    def differences(self, suite: Suite, *, postgres: str, listed: Collection[str]) -> dict[str, str]:
        """The tests that end on the kit in another way than on stock, and how; it prints how many ended how.

        Files with a difference that is not listed run again, and only one that is there both times counts: a test that
        depends on time fails now and then, on stock too.

        Raises:
            subprocess.TimeoutExpired: The suite does not end.
        """
        stock, kit = (self._run(suite, subject, ["tests"], postgres) for subject in SUBJECTS)
        print(f"stock: {dict(Counter(stock.values()))}, kit: {dict(Counter(kit.values()))}")  # noqa: T201
        assert Counter(stock.values())["passed"] > PASSED_MIN, "the suite itself did not run"
        first = differing(stock, kit)
        if again := sorted({_file(test) for test in first.keys() - set(listed)}):
            stock |= self._run(suite, "stock", again, postgres)
            kit |= self._run(suite, "kit", again, postgres)
        return {test: how for test, how in differing(stock, kit).items() if first.get(test) == how}

    def _checkout(self, suite: Suite) -> Path:
        """The suite's folder, as a checkout of its project would be."""
        archive = self.archives[suite.distribution]
        folder = self.folder / suite.name
        if not folder.exists():
            shutil.copytree(archive / "tests", folder / "tests")
            shutil.copy(archive / "pyproject.toml", folder)
            shutil.copy(HERE / suite.conftest, folder / "conftest.py")
            if suite.distribution == "tortoise-orm":  # some of its tests read its modules as files
                shutil.copytree(archive / "tortoise", folder / "tortoise")
        return folder

    def _run(self, suite: Suite, subject: str, tests: Sequence[str], postgres: str) -> Outcomes:
        """How each of these tests ends on `kit` or on `stock`."""
        folder = self._checkout(suite)
        report = folder / "report.xml"
        options = ("-q", "-p", "no:cacheprovider", "-W", "ignore", f"--timeout={TEST_SECONDS}", f"--junitxml={report}")
        left_out = [f"--ignore={name}" for name in suite.left_out]
        subprocess.run(
            [self.python, "-m", "pytest", *options, "--tb=no", "--no-summary", *left_out, *tests],
            cwd=folder,
            env=self._variables(suite, subject, postgres),
            check=False,  # some tests fail on both
            timeout=SUITE_SECONDS,
        )
        return outcomes(report)

    def _variables(self, suite: Suite, subject: str, postgres: str) -> Mapping[str, str]:
        server = urlsplit(postgres)
        in_memory = suite.name == "tortoise-sqlite"
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PG", "PYTEST", "PYTHON"))},
            "PEERS_SUBJECT": subject,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(self.folder / "kit"),
            "TORTOISE_TEST_DB": "sqlite://:memory:" if in_memory else f"asyncpg://{server.netloc}/test_{{}}",
            "PGHOST": str(server.hostname),
            "PGPORT": str(server.port),
            "PGUSER": str(server.username),
            "PGPASSWORD": str(server.password),
            "PGDATABASE": "postgres",
            # While asyncpg asks for TLS, a cancelled attempt to connect leaves an error that nobody retrieves.
            "PGSSLMODE": "disable",
        }


def run(*command: str, cwd: Path) -> str:
    """The standard output of a command."""
    ended = subprocess.run(command, cwd=cwd, capture_output=True, check=False, text=True, timeout=INSTALL_SECONDS)
    assert ended.returncode == 0, f"{' '.join(command)}\n{ended.stdout}{ended.stderr}"
    return ended.stdout


def outcomes(report: Path) -> Outcomes:
    """How each test ended; of several entries, such as those of subtests and fixtures, the worst."""
    found: Outcomes = {}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - our report
        test = f"{case.get('classname')}::{case.get('name')}"
        kinds = {child.tag for child in case}
        ended = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
        found[test] = max(ended, found.get(test, ended), key=WORST_LAST.index)
    return found


def _file(test: str) -> str:
    """The file of a test of a report, `tests.test_pool.TestPool::test_pool_01`."""
    module = test.split("::", maxsplit=1)[0].split(".")
    return "/".join(part for part in module if not part[0].isupper()) + ".py"


def differing(stock: Outcomes, kit: Outcomes) -> dict[str, str]:
    """The tests that end in another way, and how."""
    names = sorted(stock.keys() | kit.keys())
    ends = {name: (stock.get(name, "absent"), kit.get(name, "absent")) for name in names}
    return {name: f"{before} on stock, {after} on the kit" for name, (before, after) in ends.items() if before != after}
