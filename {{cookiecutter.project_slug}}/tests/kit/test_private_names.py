"""Tests use what is public, as a service's own code does: a refactoring breaks no test that it need not break."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
SKELETON = ROOT / "tortoise_kit" / "development" / "features" / "skeleton" / "tests"
MODULES = sorted(path for folder in (TESTS, SKELETON) for path in folder.rglob("*.py"))
# Public in spite of their names: Tortoise's description of a model, and the methods of a named tuple.
PUBLIC = {"_meta", "_replace", "_asdict"}
# The files about what is private of a foreign library: asyncpg and aiosqlite through Tortoise's clients, and Tortoise.
EXCEPTIONS = {
    "kit/chaos/service.py",
    "kit/db/test_engines.py",
    "kit/db/test_round_trips.py",
    "kit/db/test_sessions.py",
    "kit/db/test_upstream.py",
    "kit/test_upstream_tortoise.py",
}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__") and name not in PUBLIC and name != "_"


def private_names(tree: ast.Module) -> Iterator[str]:
    """Private names that are read from another object, imported, or patched by their text."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls")):
                continue
            case ast.Attribute(attr=name) if is_private(name):
                yield name
            case ast.ImportFrom(names=names):
                yield from (each.name for each in names if is_private(each.name))
            case ast.Call(func=ast.Attribute(attr="setattr" | "object") | ast.Name(id="getattr" | "setattr")):
                texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                yield from (text for text in texts if isinstance(text, str) and is_private(text.rpartition(".")[2]))


def named(path: Path) -> str:
    return path.relative_to(TESTS if path.is_relative_to(TESTS) else ROOT).as_posix()


@pytest.mark.parametrize("path", [path for path in MODULES if named(path) not in EXCEPTIONS], ids=named)
def test_a_test_uses_no_private_name_of_another_module(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert list(private_names(tree)) == []


@pytest.mark.parametrize("exception", sorted(EXCEPTIONS))
def test_an_exception_still_needs_to_be_one(exception: str) -> None:
    assert list(private_names(ast.parse((TESTS / exception).read_text(encoding="utf-8"))))


@pytest.mark.parametrize("path", [path for path in MODULES if not named(path).startswith("kit/")], ids=named)
def test_a_test_of_the_service_imports_rooms_of_the_kit_and_never_their_files(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    kit = {name for name in imported if name.startswith("tortoise_kit.")}

    assert {name for name in kit if name.count(".") > 1 and not name.startswith("tortoise_kit.development.")} == set()
