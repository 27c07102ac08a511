"""Features that are deleted, with all that belongs to them: all of it, or nothing."""

import re
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from app.cli.feature import registry
from app.cli.feature.passages import changed_texts
from app.cli.feature.references import imports, sources, users_of
from app.cli.feature.tools import ROOT, FeatureError, run_module
from app.database import MIGRATIONS
from app.features import MODELS_APP

BENCHMARKS = ("benchmarks", "tests/benchmarks")
WORKFLOW = ".github/workflows/benchmark.yaml"  # runs `python -m benchmarks`
HISTORY = MIGRATIONS / MODELS_APP
DROP = re.compile(r"^(DROP TABLE )", re.MULTILINE)
ACCEPTED = "-- squawk-ignore ban-drop-table\n"


@dataclass(frozen=True)
class Deletion:
    """What goes.

    Attributes:
        names: The features, in the order of the registry.
        paths: Files and folders, below the project's folder.
        texts: Files that stay, by their path there, and what is in them afterwards.
        deployed: Whether a database may have the tables, so that a migration has to drop them.
    """

    names: list[str]
    paths: list[str]
    texts: dict[str, str]
    deployed: bool

    @property
    def about_migrations(self) -> str:
        """What becomes of the history."""
        if self.deployed:
            return "add a migration that drops their tables, with all rows in them"
        return (
            "replace all migrations by one that makes the tables that stay: "
            "right as long as no database has to be kept, and otherwise say --deployed"
        )

    @property
    def advice(self) -> str:
        """What is left to do."""
        if self.deployed:
            return "Deploy the code first, and the migration with the next deploy: the version that still runs reads."
        return "A database that the old migrations made is of no use any more: delete its file, or make it anew."

    def carry_out(self) -> str:
        """Do it; gives the path of the migration that was written.

        Raises:
            FeatureError: The migration cannot be made. All is as it was then.
        """
        with tempfile.TemporaryDirectory() as aside, ExitStack() as undo:
            for path in self.paths:
                _move(ROOT / path, Path(aside) / path, undo)
            for path, text in self.texts.items():
                file = ROOT / path
                undo.callback(file.write_text, file.read_text(encoding="utf-8"), encoding="utf-8")
                file.write_text(text, encoding="utf-8")
            before = set(HISTORY.glob("*.py"))
            if not self.deployed:
                for file in before:
                    _move(file, Path(aside) / "history" / file.name, undo)
            run_module("app", "migrations", "make", self._migration_name())
            [made] = set(HISTORY.glob("*.py")) - (before if self.deployed else set())
            if self.deployed:
                _accept_drops(made)
            undo.pop_all()
        return made.relative_to(ROOT).as_posix()

    def _migration_name(self) -> str:
        return f"drop_{'_'.join(self.names)}" if self.deployed else "init"


def plan(wanted: set[str], *, deployed: bool) -> Deletion:
    """What goes when these features go.

    Raises:
        FeatureError: There is no such feature, or something that stays uses one of them.
    """
    names = [name for name in registry.names() if name in wanted]
    if not wanted:
        message = "there is nothing to delete: name features, or say --examples while there are any."
        raise FeatureError(message)
    if unknown := sorted(wanted - set(names)):
        message = f"{unknown[0]} is no feature: app/features.py has {', '.join(registry.names())}."
        raise FeatureError(message)
    measuring = _measuring({path for name in names for path in users_of(name)})
    _refuse_users(names, measuring)
    texts = {_shown(path): text for path, text in changed_texts(wanted)}
    own = [f"{folder}/{name}" for name in names for folder in ("app", "tests") if (ROOT / folder / name).exists()]
    paths = [*own, *sorted(_shown(path) for path in measuring)]
    registered = {_shown(registry.REGISTRY): registry.without_lines(wanted)}
    return Deletion(names, paths, {**registered, **texts}, deployed)


def _refuse_users(names: list[str], measuring: set[Path]) -> None:
    folders = [ROOT / folder / name for name in names for folder in ("app", "tests")]
    for name in names:
        for path in users_of(name):
            if any(path.is_relative_to(gone) for gone in (*folders, *measuring)):
                continue
            parts = path.relative_to(ROOT).parts
            owner = parts[1] if parts[1] in registry.names() else None
            remedy = f"delete {owner} as well, or change it first." if owner else "change it first."
            message = f"{_shown(path)} uses {name}: {remedy}"
            raise FeatureError(message)


def _measuring(users: set[Path]) -> set[Path]:
    """The benchmarks that measure what goes, with their tests: modules, and packages as a whole."""
    gone: set[Path] = set()
    found = {_unit(path) for path in users if _is_benchmark(path)}
    while found - gone:
        gone |= found
        modules = {path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for path in gone}
        found = {
            _unit(path)
            for path in sources()
            if _is_benchmark(path) and any(f"{each}.".startswith(f"{m}.") for each in imports(path) for m in modules)
        }
    return _with_what_is_left_alone(gone)


def _is_benchmark(path: Path) -> bool:
    return any(path.is_relative_to(ROOT / folder) for folder in BENCHMARKS)


def _unit(path: Path) -> Path:
    """The file, or the package below `benchmarks/` that it is in."""
    parts = path.relative_to(ROOT).parts
    return ROOT.joinpath(*parts[:2]) if parts[0] == BENCHMARKS[0] else path


def _with_what_is_left_alone(gone: set[Path]) -> set[Path]:
    """And what has no use without them: the workflow, and the folder of the tests when none is left in it."""
    if ROOT / "benchmarks" / "__main__.py" in gone and (ROOT / WORKFLOW).exists():
        gone = gone | {ROOT / WORKFLOW}
    folder = ROOT / BENCHMARKS[1]
    tests = {path for path in sources() if path.is_relative_to(folder)}
    if tests & gone and not {path for path in tests - gone if path.name.startswith("test_")}:
        return (gone - tests) | {folder}
    return gone


def _accept_drops(migration: Path) -> None:
    """It was asked for, so the linter need not ask again."""
    text = migration.read_text(encoding="utf-8")
    there, sqlite, rest = text.partition('    "sqlite"')
    migration.write_text(DROP.sub(rf"{ACCEPTED}\1", there) + sqlite + rest, encoding="utf-8")


def _move(path: Path, aside: Path, undo: ExitStack) -> None:
    aside.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(path, aside)
    undo.callback(shutil.move, aside, path)


def _shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
