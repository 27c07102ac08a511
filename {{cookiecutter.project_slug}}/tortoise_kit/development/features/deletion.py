"""Delete features with everything that belongs to them: completely, or not at all."""

import re
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tortoise_kit.development.features.project import PACKAGE, FeatureError, Project
from tortoise_kit.development.features.references import benchmarks_of, texts_without, users_of

INITIAL = "init"
DROP = re.compile(r"^(DROP TABLE )", re.MULTILINE)
ACCEPTED = "-- squawk-ignore ban-drop-table\n"


@dataclass(frozen=True)
class Deletion:
    """What a deletion changes.

    Attributes:
        project: Where.
        names: The features, in the order of the registry.
        paths: Files and folders to delete, below the project's folder.
        texts: The new text of each file that only changes, by its path there.
        migration: The name of the migration that is written: `init` replaces all others; None without tables.
        tables: The tables that it drops, if it does not replace the others.
    """

    project: Project
    names: list[str]
    paths: list[str]
    texts: dict[str, str]
    migration: str | None
    tables: list[str]

    @property
    def about_migrations(self) -> str:
        """What happens to the history."""
        if self.migration is None:
            return "keep all migrations: these features have no tables"
        if self.migration == INITIAL:
            return (
                "replace all migrations by one that creates the remaining tables: only right while no database "
                "must be kept; otherwise add --deployed"
            )
        return f"add a migration that drops their tables with all rows: {', '.join(self.tables)}"

    @property
    def advice(self) -> str:
        """What to do next."""
        if self.migration is None:
            return "Next: uv run pytest"
        if self.migration == INITIAL:
            return "Databases of the old migrations cannot be upgraded: delete their files, or create them again."
        return "Deploy the code first, and the migration with the next deploy: the running version reads the tables."

    def carry_out(self) -> str | None:
        """Delete and change the files, and return the path of the migration that was written, if any.

        Raises:
            FeatureError: The migration cannot be written. Everything is as before then.
        """
        root = self.project.root
        with tempfile.TemporaryDirectory() as aside, ExitStack() as undo:
            for path in self.paths:
                _move(root / path, Path(aside) / path, undo)
            for path, text in self.texts.items():
                file = root / path
                undo.callback(file.write_text, file.read_text(encoding="utf-8"), encoding="utf-8")
                file.write_text(text, encoding="utf-8")
            written = None if self.migration is None else _write_migration(self.project, self.migration, self.tables)
            undo.pop_all()
        return None if written is None else self.project.relative(written)


def plan(project: Project, wanted: set[str], *, deployed: bool) -> Deletion:
    """What changes when these features are deleted.

    Raises:
        FeatureError: There is no such feature, or something that stays uses one of them.
    """
    names = [name for name in project.features() if name in wanted]
    if not wanted:
        message = "name the features to delete, or add --examples while there are examples."
        raise FeatureError(message)
    if unknown := sorted(wanted - set(names)):
        registry = project.relative(project.registry)
        message = f"{unknown[0]} is not a feature: {registry} has {', '.join(project.features())}."
        raise FeatureError(message)
    project.require_no_pending_changes()
    benchmarks = benchmarks_of(project, {path for name in names for path in users_of(project, name)})
    _require_unused(project, names, benchmarks)
    own = [folder for name in names for folder in project.folders(name)]
    has_tables = any((project.root / PACKAGE / name / "models.py").exists() for name in names)
    migration = None if not has_tables else f"drop_{'_'.join(names)}" if deployed else INITIAL
    replaced = project.migration_files() if migration == INITIAL else set()
    paths = [*filter(Path.exists, own), *sorted(benchmarks), *sorted(replaced)]
    texts = {project.registry: project.registry_without(wanted), **dict(texts_without(project, wanted))}
    changed = {project.relative(path): text for path, text in texts.items()}
    tables = [table for name in names for table in project.tables(name)] if has_tables and deployed else []
    return Deletion(project, names, [*map(project.relative, paths)], changed, migration, tables)


def _require_unused(project: Project, names: list[str], benchmarks: set[Path]) -> None:
    removed = [*(folder for name in names for folder in project.folders(name)), *benchmarks]
    for name in names:
        users = [path for path in users_of(project, name) if not any(map(path.is_relative_to, removed))]
        staying = [path.relative_to(project.root) for path in users]
        owners = [feature for feature in project.features() if any(path.parts[1] == feature for path in staying)]
        if others := [path.as_posix() for path in staying if path.parts[1] not in owners]:
            message = f"{others[0]} uses {name} and belongs to no feature: change it first."
            raise FeatureError(message)
        if owners:
            message = f"{name} is used by {', '.join(owners)}: delete them too, or change {staying[0]} first."
            raise FeatureError(message)


def _write_migration(project: Project, name: str, tables: list[str]) -> Path:
    """Write the migration in a process that never imported the deleted models."""
    before = project.migration_files()
    project.run_module(PACKAGE, "migrations", "make", name, *(f"--drop={table}" for table in tables))
    [written] = project.migration_files() - before
    if name != INITIAL:
        _accept_drops(written)
    return written


def _accept_drops(migration: Path) -> None:
    """Tell the linter that these drops are wanted."""
    text = migration.read_text(encoding="utf-8")
    postgres, sqlite, rest = text.partition('    "sqlite"')
    migration.write_text(DROP.sub(rf"{ACCEPTED}\1", postgres) + sqlite + rest, encoding="utf-8")


def _move(path: Path, aside: Path, undo: ExitStack) -> None:
    aside.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(path, aside)
    undo.callback(shutil.move, aside, path)
