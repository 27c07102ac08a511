"""A new feature, copied from the skeleton: all of it, or nothing."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import invalidate_caches
from pathlib import Path

from app.database import MIGRATIONS
from app.features import MODELS_APP
from app.settings import Settings
from tortoise_kit import migrations
from tortoise_kit.development.features import registry
from tortoise_kit.development.features.tools import (
    ROOT,
    SKELETON,
    FeatureError,
    refuse_pending_changes,
    require,
    run_module,
    shown,
)
from tortoise_kit.development.features.words import Words


def make(words: Words) -> list[str]:
    """Write the feature and all that the suite asks of it; gives the paths of what was written.

    Raises:
        FeatureError: A tool is missing or fails. Nothing is left of it then.
    """
    require("ruff", "pytest")
    refuse_pending_changes()
    folders = [ROOT / "app" / words.plural, ROOT / "tests" / words.plural]
    with ExitStack() as undo:
        for folder in folders:
            undo.callback(shutil.rmtree, folder, ignore_errors=True)
        undo.callback(registry.REGISTRY.write_text, registry.REGISTRY.read_text(encoding="utf-8"), encoding="utf-8")
        written = list(_write(words))
        registry.REGISTRY.write_text(registry.with_line(words.plural), encoding="utf-8")
        _tidy(folders)
        migration = _migration(words)
        undo.callback(migration.unlink)
        run_module(
            "pytest", "-q", "-n", "0", "--tb=line", "tests/contract/test_openapi.py", "--accept-api-of", words.plural
        )
        undo.pop_all()
    api = ROOT / "tests" / words.plural / "openapi.json"
    return [shown(path) for path in (*written, api, registry.REGISTRY, migration)]


def _write(words: Words) -> Iterator[Path]:
    for source, target in (("paper_clips", "app"), ("tests", "tests")):
        for path in sorted((SKELETON / source).rglob("*.py")):
            below = path.relative_to(SKELETON / source).as_posix()
            copy = ROOT / target / words.plural / words.spelled(below)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(words.spelled(path.read_text(encoding="utf-8")), encoding="utf-8")
            yield copy


def _tidy(folders: list[Path]) -> None:
    """Other names sort otherwise, and make lines longer or shorter."""
    paths = [str(folder) for folder in folders]
    run_module("ruff", "check", "--quiet", "--select", "I", "--fix", *paths)
    run_module("ruff", "format", "--quiet", *paths)
    run_module("ruff", "check", "--quiet", *paths)


def _migration(words: Words) -> Path:
    invalidate_caches()  # the module was not there when this process began
    config = Settings().tortoise()
    config["apps"][MODELS_APP]["models"].append(f"app.{words.plural}.models")
    name = f"add_{words.plural}"
    try:
        path = asyncio.run(migrations.make(config, location=MIGRATIONS, app=MODELS_APP, name=name))
    except migrations.MigrationError as error:
        raise FeatureError(str(error)) from error
    if path is None:
        message = f"the models of {words.plural} make no table."
        raise FeatureError(message)
    return path
