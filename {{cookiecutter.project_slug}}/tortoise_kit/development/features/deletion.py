"""Features that are deleted, with all that belongs to them: all of it, or nothing."""

import re
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from app.database import MIGRATIONS
from app.features import MODELS_APP
from tortoise_kit.development.features.tools import ROOT, run_module, shown

ANEW = "init"
DROP = re.compile(r"^(DROP TABLE )", re.MULTILINE)
ACCEPTED = "-- squawk-ignore ban-drop-table\n"


@dataclass(frozen=True)
class Deletion:
    """What goes.

    Attributes:
        names: The features, in the order of the registry.
        paths: Files and folders, below the project's folder.
        texts: Files that stay, by their path there, and what is in them afterwards.
        migration: The name of the one that is written: `init` in place of all others, which go; None without tables.
    """

    names: list[str]
    paths: list[str]
    texts: dict[str, str]
    migration: str | None

    @property
    def about_migrations(self) -> str:
        """What becomes of the history."""
        if self.migration is None:
            return "keep all migrations: there are no tables of theirs"
        if self.migration == ANEW:
            return (
                "make one migration of the tables that stay: right as long as no database has to be kept, "
                "and otherwise say --deployed"
            )
        return "add a migration that drops their tables, with all rows in them"

    @property
    def advice(self) -> str:
        """What is left to do."""
        if self.migration is None:
            return "Next: uv run pytest"
        if self.migration == ANEW:
            return "A database that the old migrations made is of no use any more: delete its file, or make it anew."
        return "Deploy the code first, and the migration with the next deploy: until then the old version reads."

    def carry_out(self) -> str | None:
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
            made = None if self.migration is None else _make(self.migration)
            undo.pop_all()
        return None if made is None else shown(made)


def history() -> set[Path]:
    """The files of all migrations."""
    return set((MIGRATIONS / MODELS_APP).glob("*.py"))


def _make(name: str) -> Path:
    """Write the migration, by a process that never knew the models that are gone."""
    before = history()
    run_module("app", "migrations", "make", name)
    [made] = history() - before
    if name != ANEW:
        _accept_drops(made)
    return made


def _accept_drops(migration: Path) -> None:
    """It was asked for, so the linter need not ask again."""
    text = migration.read_text(encoding="utf-8")
    there, sqlite, rest = text.partition('    "sqlite"')
    migration.write_text(DROP.sub(rf"{ACCEPTED}\1", there) + sqlite + rest, encoding="utf-8")


def _move(path: Path, aside: Path, undo: ExitStack) -> None:
    aside.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(path, aside)
    undo.callback(shutil.move, aside, path)
