"""Who uses a feature: by importing it or its tests, or by a relation to one of its models."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from app.features import MODELS_APP
from tortoise_kit.development.features.tools import ROOT

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
        related = path.is_relative_to(ROOT / "app") and relations & _read(path).texts
        if related or any(_within(module, packages) for module in imports(path)):
            yield path


def imports(path: Path) -> frozenset[str]:
    """The modules that a file imports, and what it imports of them, as dotted names."""
    return _read(path).modules


class _Read(NamedTuple):
    """What a file imports, all its texts, and the classes it defines."""

    modules: frozenset[str]
    texts: frozenset[str]
    classes: frozenset[str]


@cache
def _read(path: Path) -> _Read:
    modules, texts, classes = set(), set(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.add(node.value)
        elif isinstance(node, ast.ClassDef):
            classes.add(node.name)
    return _Read(frozenset(modules), frozenset(texts), frozenset(classes))


def _within(module: str, packages: tuple[str, ...]) -> bool:
    return any(f"{module}.".startswith(f"{package}.") for package in packages)


def _models(name: str) -> frozenset[str]:
    path = ROOT / "app" / name / "models.py"
    return _read(path).classes if path.exists() else frozenset()
