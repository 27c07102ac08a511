"""The tools of development that a feature is made and deleted with, each in a process of its own."""

import asyncio
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from app.database import MIGRATIONS
from app.features import MODELS_APP
from app.settings import PROJECT_FILE, Settings
from tortoise_kit import migrations

ROOT = PROJECT_FILE.parent
SKELETON = ROOT / "tortoise_kit.development.features.skeleton"
TOOL_SECONDS = 120  # the slowest imports the service and its tests once


class FeatureError(Exception):
    """A feature that cannot be made or deleted; the message is one line that says what to do."""


def shown(path: Path) -> str:
    """The path below the project's folder, as people write it."""
    return path.relative_to(ROOT).as_posix()


def require(*names: str) -> None:
    """Refuse to begin without these packages.

    Raises:
        FeatureError: One is not installed.
    """
    for name in names:
        if find_spec(name) is None:
            message = f"{name} is not installed: run `uv sync`."
            raise FeatureError(message)


def refuse_pending_changes() -> None:
    """Refuse to begin while the models have changes of their own: they would become part of a feature's migration.

    Raises:
        FeatureError: They have.
    """
    try:
        differences = asyncio.run(migrations.check(Settings().tortoise(), location=MIGRATIONS, app=MODELS_APP))
    except migrations.MigrationError as error:
        raise FeatureError(str(error)) from error
    if differences:
        message = "the models have changes that no migration holds: run `migrations make NAME` first."
        raise FeatureError(message)


def run_module(*arguments: str) -> None:
    """Run `python -m` with these arguments in the project.

    Raises:
        FeatureError: It fails, or takes too long.
    """
    command = " ".join(arguments[:3])
    try:
        ended = subprocess.run(  # noqa: S603 -- tools of this project
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            capture_output=True,
            check=False,
            text=True,
            timeout=TOOL_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        message = f"`{command}` did not end within {TOOL_SECONDS} s."
        raise FeatureError(message) from error
    if ended.returncode:
        message = f"`{command}` failed: {ended.stdout} {ended.stderr}"
        raise FeatureError(message)


def unsaved_work() -> str | None:
    """Why what is deleted could not be had back from git, if so."""
    try:
        status = subprocess.run(
            ["git", "status", "--porcelain", "--", "."],  # noqa: S607 -- the git of this machine
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
            timeout=TOOL_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return "this folder is in no git repository, so nothing can be had back."
    changes = len(status.stdout.splitlines())
    return (
        f"git has {changes} changes that are not committed; commit them first, to tell them apart." if changes else None
    )
