"""The project whose features are created and deleted, and the tools that run in it."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from tortoise import Tortoise

from tortoise_kit.development.migrations.commands import check
from tortoise_kit.migrations.files import MigrationError
from tortoise_kit.migrations.runner import connected

PACKAGE = "app"
LINE = re.compile(rf'^    "{PACKAGE}\.(\w+)",(.*)\n', re.MULTILINE)  # of the registry
EXAMPLE = "# example"
TOOL_SECONDS = 120  # the slowest tool imports the service and its tests once


class FeatureError(Exception):
    """A feature that cannot be created or deleted; the message is one line that names the remedy."""


@dataclass(frozen=True, kw_only=True)
class Project:
    """What the commands need to know of a project. A feature is the packages `app.NAME` and `tests.NAME`.

    Attributes:
        root: The folder that holds the service's package and `tests`.
        registry: The file that lists the features, one line each: four spaces and `"app.NAME",`.
        migrations: The folder of all apps' migrations.
        models_app: Tortoise's name of the app that has the models.
        tortoise_config: Returns Tortoise's configuration of the service.
        api_paths: Returns the paths of all routes, without the prefix that features share.
    """

    root: Path
    registry: Path
    migrations: Path
    models_app: str
    tortoise_config: Callable[[], dict[str, Any]]
    api_paths: Callable[[], Iterable[str]]

    def features(self) -> list[str]:
        """The names of all features, in the order of the registry."""
        return [line[1] for line in self._lines()]

    def examples(self) -> list[str]:
        """The features whose line in the registry ends with `# example`."""
        return [line[1] for line in self._lines() if line[2].strip().startswith(EXAMPLE)]

    def folders(self, feature: str) -> list[Path]:
        """The feature's own folders, whether they exist or not."""
        return [self.root / folder / feature for folder in (PACKAGE, "tests")]

    def relative(self, path: Path) -> str:
        """The path below the project's folder, with slashes."""
        return path.relative_to(self.root).as_posix()

    def registry_with(self, name: str) -> str:
        """The registry's text with a line for one more feature, the last.

        Raises:
            FeatureError: No line of the registry has the expected form.
        """
        text = self.registry.read_text(encoding="utf-8")
        lines = self._lines()
        if not lines:
            wanted = f'    "{PACKAGE}.NAME",'
            message = f"{self.relative(self.registry)} has no line `{wanted}`: write one such line for each feature."
            raise FeatureError(message)
        end = lines[-1].end()
        return f'{text[:end]}    "{PACKAGE}.{name}",\n{text[end:]}'

    def registry_without(self, names: set[str]) -> str:
        """The registry's text without the lines of these features."""
        text = self.registry.read_text(encoding="utf-8")
        return LINE.sub(lambda line: "" if line[1] in names else line[0], text)

    def migration_files(self) -> set[Path]:
        """The files of all migrations."""
        return set((self.migrations / self.models_app).glob("*.py"))

    def tables(self, feature: str) -> list[str]:
        """The tables of the feature's models and of their many-to-many relations, sorted."""
        return sorted(asyncio.run(_tables(self.tortoise_config(), self.models_app, f"{PACKAGE}.{feature}.")))

    def require_no_pending_changes(self) -> None:
        """Stop if the models have changes that no migration holds: they would end up in the feature's migration.

        Raises:
            FeatureError: They have.
        """
        try:
            differences = asyncio.run(check(self.tortoise_config(), location=self.migrations, app=self.models_app))
        except MigrationError as error:
            raise FeatureError(str(error)) from error
        if differences:
            message = "the models have changes that no migration contains: run `migrations make NAME` first."
            raise FeatureError(message)

    def run_module(self, *arguments: str) -> None:
        """Run `python -m` with these arguments in the project.

        Raises:
            FeatureError: It fails, or runs for longer than 120 s.
        """
        command = " ".join(arguments[:3])
        try:
            ended = subprocess.run(  # noqa: S603 -- tools of this project
                [sys.executable, "-m", *arguments],
                cwd=self.root,
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

    def unsaved_work(self) -> str | None:
        """Why git could not restore what is deleted, if so."""
        try:
            status = subprocess.run(
                ["git", "status", "--porcelain", "--", "."],  # noqa: S607 -- the git of this machine
                cwd=self.root,
                capture_output=True,
                check=True,
                text=True,
                timeout=TOOL_SECONDS,
            )
        except (OSError, subprocess.SubprocessError):
            return "this folder is not in a git repository, so a deletion cannot be undone."
        changes = len(status.stdout.splitlines())
        return f"git has {changes} uncommitted changes: commit them first to keep them apart." if changes else None

    def _lines(self) -> list[re.Match[str]]:
        return list(LINE.finditer(self.registry.read_text(encoding="utf-8")))


def require_installed(*packages: str) -> None:
    """Stop if one of these packages is missing.

    Raises:
        FeatureError: One is not installed.
    """
    for package in packages:
        if find_spec(package) is None:
            message = f"{package} is not installed: run `uv sync`."
            raise FeatureError(message)


async def _tables(config: dict[str, Any], app: str, package: str) -> set[str]:
    async with connected(config, app):
        models = [model for model in (Tortoise.apps or {})[app].values() if model.__module__.startswith(package)]
        joins = {model._meta.fields_map[name] for model in models for name in model._meta.m2m_fields}
        return {model._meta.db_table for model in models} | {cast("Any", join).through for join in joins}
