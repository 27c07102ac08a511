"""What uses a feature: imports of it or its tests, relations to its models, benchmarks of it, and texts about it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tortoise_kit.development.features.project import PACKAGE, Project

BENCHMARKS = ("benchmarks", "tests/benchmarks")
BENCHMARK_WORKFLOW = ".github/workflows/benchmarks.yaml"  # runs `python -m benchmarks`
TEXTS = ("*.md", "docs/*.md", "*.yaml", "*.yml", ".*.yml")
# A passage about features stands between two comments, and goes when one of those features goes:
#   <!-- with catalog, orders -->          # with catalog, orders
#   Text about them.                       what: is configured
#   <!-- end with -->                      # end with
PASSAGE = re.compile(
    r"^(?P<mark><!--|#) with (?P<names>[a-z0-9_, ]+?)(?: -->)?\n.*?^(?P=mark) end with(?: -->)?\n\n?",
    re.MULTILINE | re.DOTALL,
)


class _Source(NamedTuple):
    """What a file imports, all its strings, and the classes it defines."""

    modules: frozenset[str]
    strings: frozenset[str]
    classes: frozenset[str]


def users_of(project: Project, name: str) -> Iterator[Path]:
    """The files outside the feature's own folders that use it."""
    packages = (f"{PACKAGE}.{name}", f"tests.{name}")
    models = project.root / PACKAGE / name / "models.py"
    relations = {f"{project.models_app}.{model}" for model in (_read(models).classes if models.exists() else ())}
    for path in _sources(project.root):
        if any(map(path.is_relative_to, project.folders(name))):
            continue
        related = path.is_relative_to(project.root / PACKAGE) and relations & _read(path).strings
        if related or any(_is_within(module, packages) for module in _read(path).modules):
            yield path


def texts_without(project: Project, names: set[str]) -> Iterator[tuple[Path, str]]:
    """The texts with a passage about one of these features, and what remains of each."""
    for path in sorted({path for pattern in TEXTS for path in project.root.glob(pattern)}):
        text = path.read_text(encoding="utf-8")
        if (left := without_passages(text, names)) != text:
            yield path, left


def without_passages(text: str, names: set[str]) -> str:
    """The text without the passages about one of these features, and without the blank line after each."""
    return PASSAGE.sub(lambda found: "" if names & set(found["names"].split(", ")) else found[0], text)


def benchmarks_of(project: Project, users: set[Path]) -> set[Path]:
    """The benchmarks among these files and what imports them: single files, or packages below `benchmarks`."""
    removed: set[Path] = set()
    found = {_unit(project, path) for path in users if _is_benchmark(project, path)}
    while found - removed:
        removed |= found
        modules = tuple(project.relative(path.with_suffix("")).replace("/", ".") for path in removed)
        found = {
            _unit(project, path)
            for path in _sources(project.root)
            if _is_benchmark(project, path) and any(_is_within(each, modules) for each in _read(path).modules)
        }
    return _with_useless_rest(project, removed)


def _with_useless_rest(project: Project, removed: set[Path]) -> set[Path]:
    """The same with what is useless then: the workflow, and the folder of tests if no test is left in it."""
    if project.root / "benchmarks" / "__main__.py" in removed and (project.root / BENCHMARK_WORKFLOW).exists():
        removed = removed | {project.root / BENCHMARK_WORKFLOW}
    folder = project.root / BENCHMARKS[1]
    tests = {path for path in _sources(project.root) if path.is_relative_to(folder)}
    if tests & removed and not {path for path in tests - removed if path.name.startswith("test_")}:
        return (removed - tests) | {folder}
    return removed


def _is_benchmark(project: Project, path: Path) -> bool:
    return any(path.is_relative_to(project.root / folder) for folder in BENCHMARKS)


def _unit(project: Project, path: Path) -> Path:
    parts = path.relative_to(project.root).parts
    return project.root.joinpath(*parts[:2]) if parts[0] == BENCHMARKS[0] else path


def _is_within(module: str, packages: tuple[str, ...]) -> bool:
    return any(f"{module}.".startswith(f"{package}.") for package in packages)


@cache
def _sources(root: Path) -> tuple[Path, ...]:
    """All Python of the project."""
    return tuple(path for folder in (PACKAGE, "benchmarks", "tests") for path in sorted((root / folder).rglob("*.py")))


@cache
def _read(path: Path) -> _Source:
    modules, strings, classes = set(), set(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            strings.add(node.value)
        elif isinstance(node, ast.ClassDef):
            classes.add(node.name)
    return _Source(frozenset(modules), frozenset(strings), frozenset(classes))
