"""Copies of the project, with what Python has compiled of it, or the processes of each copy compile it for seconds."""

import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from app.settings import PROJECT_FILE

ROOT = PROJECT_FILE.parent
PROJECT = ("AGENTS.md", "app", "migrations", "tests", "tortoise_kit", "pyproject.toml", "ruff.toml")
SERVICE = ("app", "migrations", "tortoise_kit", "pyproject.toml")


@contextmanager
def copied(folder: Path, names: tuple[str, ...] = PROJECT) -> Generator[Path]:
    """Copy these files and folders of the project into `folder`, without the tests of the library."""
    for name in names:
        _copy(ROOT / name, folder / name)
        _copy(_compiled(ROOT / name), _compiled(folder / name))
    yield folder
    shutil.rmtree(_compiled(folder), ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("kit", ".*"), dirs_exist_ok=True)
    elif source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def _compiled(path: Path) -> Path:
    """Where byte code lies if PYTHONPYCACHEPREFIX says where; a place without files if it lies beside its source."""
    return Path(sys.pycache_prefix, *path.parts[1:]) if sys.pycache_prefix else path / "nothing"
