"""A new feature, copied from the skeleton: completely, or not at all."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import import_module, invalidate_caches
from pathlib import Path

from tortoise_kit.development.features.app_sources import APP
from tortoise_kit.development.features.naming import SKELETON, Words
from tortoise_kit.development.features.project import PACKAGE, FeatureError, Project, require_installed
from tortoise_kit.development.features.shape import Shape
from tortoise_kit.development.features.test_sources import TESTS
from tortoise_kit.development.migrations.commands import make
from tortoise_kit.development.schemas import SchemaError, write_columns
from tortoise_kit.migrations.files import MigrationError

# Without what the project adds to a run, and without Hypothesis, which takes half a second to import.
ACCEPT = ("pytest", "-q", "-o", "addopts=", "-p", "no:hypothesispytest", "--tb=line", "--accept")
WRITE_COLUMNS = (PACKAGE, "schemas", "write")
API = "tests/contract/test_openapi.py::test_the_api_is_the_one_its_clients_know"


def create(project: Project, shape: Shape) -> list[str]:
    """Write the feature, its tests, its migration and its part of the API, and return the paths of all that.

    Raises:
        FeatureError: A tool is missing or fails. Nothing is left of the feature then.
    """
    words = shape.words
    require_installed("ruff", "pytest")
    project.require_no_pending_changes()
    folders = project.folders(words.plural)
    registry = project.registry
    with ExitStack() as undo:
        for folder in folders:
            undo.callback(shutil.rmtree, folder, ignore_errors=True)
        undo.callback(registry.write_text, registry.read_text(encoding="utf-8"), encoding="utf-8")
        written = list(_copy(project, shape))
        registry.write_text(project.registry_with(words.plural), encoding="utf-8")
        tidy(project, folders)
        invalidate_caches()  # the modules did not exist when this process started
        migration = _migration(project, words)
        undo.callback(migration.unlink)
        _write_columns(words)
        project.run_module(*ACCEPT, f"{API}[{words.plural}]")
        undo.pop_all()
    api = project.root / "tests" / words.plural / "openapi.json"
    return [project.relative(path) for path in (*written, api, registry, migration)]


def _copy(project: Project, shape: Shape) -> Iterator[Path]:
    words = shape.words
    for source, target in zip(("paper_clips", "tests"), project.folders(words.plural), strict=True):
        for path in sorted((SKELETON / source).rglob("*.py")):
            copy = target / words.spell(path.relative_to(SKELETON / source).as_posix())
            copy.parent.mkdir(parents=True, exist_ok=True)
            edit = {**APP, **TESTS}.get(path.name, _as_it_is)
            copy.write_text(words.spell(edit(path.read_text(encoding="utf-8"), shape)), encoding="utf-8")
            yield copy


def _as_it_is(text: str, _: Shape) -> str:
    return text


def tidy(project: Project, folders: list[Path]) -> None:
    """Other names sort differently, and make lines longer or shorter."""
    paths = [str(folder) for folder in folders]
    project.run_module("ruff", "check", "--quiet", "--select", "I,F401,PYI013,PIE790", "--fix", *paths)
    project.run_module("ruff", "format", "--quiet", *paths)
    project.run_module("ruff", "check", "--quiet", *paths)


def _write_columns(words: Words) -> None:
    """In this process, since another one takes a second to import what this one has."""
    try:
        write_columns([import_module(f"{PACKAGE}.{words.plural}.schemas")])
    except SchemaError as error:
        raise FeatureError(str(error)) from error


def _migration(project: Project, words: Words) -> Path:
    config = project.tortoise_config()
    config["apps"][project.models_app]["models"].append(f"{PACKAGE}.{words.plural}.models")
    name = f"add_{words.plural}"
    try:
        path = asyncio.run(make(config, location=project.migrations, app=project.models_app, name=name))
    except MigrationError as error:
        raise FeatureError(str(error)) from error
    if path is None:
        message = f"the models of {words.plural} define no table."
        raise FeatureError(message)
    return path
