"""Who uses a feature: by importing it or its tests, or by a relation to one of its models."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from app.cli.feature.tools import ROOT
from app.features import MODELS_APP

FOLDERS = ("app", "benchmarks", "tests")


@cache
def sources() -> tuple[Path, ...]:
    """All Python of the project."""
    return tuple(path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")))


def users_of(name: str) -> Iterator[Path]:
    """The files outside of the feature's own folders that use it."""
    packages = (f"app.{name}", f"tests.{name}")
    relations = {f"{MODELS_APP}.{model}" for model in _models(name)}
    for path in sources():
        if path.is_relative_to(ROOT / "app" / name) or path.is_relative_to(ROOT / "tests" / name):
            continue
        if relations & set(_strings(path)) or any(_within(module, packages) for module in imports(path)):
            yield path


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, and what it imports of them, as dotted names."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _within(module: str, packages: tuple[str, ...]) -> bool:
    return any(f"{module}.".startswith(f"{package}.") for package in packages)


def _strings(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _models(name: str) -> Iterator[str]:
    path = ROOT / "app" / name / "models.py"
    if path.exists():
        yield from (node.name for node in ast.walk(_tree(path)) if isinstance(node, ast.ClassDef))


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
