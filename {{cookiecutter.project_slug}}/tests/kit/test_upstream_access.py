"""What is private of another library is used in one module for each library, in `tortoise_kit/upstream`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import tortoise_kit

KIT = Path(tortoise_kit.__file__).parent
UPSTREAM = KIT / "upstream"
SKELETON = KIT / "development" / "features" / "skeleton"
MODULES = sorted(
    path for path in KIT.rglob("*.py") if not (path.is_relative_to(UPSTREAM) or path.is_relative_to(SKELETON))
)
OWN = {"self", "cls"}
PUBLIC = {"_meta", "_replace"}  # Tortoise's description of a model, and a method of named tuples
ALLOWED = {
    # Subclasses of the drivers' and Tortoise's classes override private methods, and reach into each other.
    "db/engines/asyncpg_backend.py",
    "db/engines/asyncpg_transaction.py",
    "db/engines/savepoints.py",
    "db/engines/sqlite_backend.py",
    # Names of indexes come from Tortoise's generator of schemas.
    "development/migrations/schema_model.py",
    # The stack of frames: CPython's documented way, underscore or not.
    "sql/fingerprints.py",
}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in PUBLIC


def private_names(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and is_private(node.attr) and not _is_own(node.value):
            yield f"line {node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.ImportFrom):
            parts = [*str(node.module).split("."), *(alias.name for alias in node.names)]
            yield from (f"line {node.lineno}: import {name}" for name in parts if is_private(name))
        elif isinstance(node, ast.Import):
            parts = [part for alias in node.names for part in alias.name.split(".")]
            yield from (f"line {node.lineno}: import {name}" for name in parts if is_private(name))


def _is_own(owner: ast.expr) -> bool:
    if isinstance(owner, ast.Call):
        return isinstance(owner.func, ast.Name) and owner.func.id == "super"
    return isinstance(owner, ast.Name) and owner.id in OWN


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(KIT).as_posix())
def test_only_upstream_uses_private_names_of_other_libraries(module: Path) -> None:
    found = list(private_names(module))

    if module.relative_to(KIT).as_posix() in ALLOWED:
        assert found, "it no longer uses private names: delete it from ALLOWED"
    else:
        assert not found
