"""Write the columns of models into the classes of their schemas, where type checkers and editors read them."""

import ast
import builtins
import inspect
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from pydantic import MISSING

from tortoise_kit.schemas.comparison import Mismatch, Schema, expected_columns, mismatches, schemas_of
from tortoise_kit.schemas.declarations import Declaration, annotation_text, column, default_text

__all__ = ["SchemaError", "write_columns"]

RUFF_SECONDS = 60
PUBLIC_PLACES = {"column": "tortoise_kit.schemas", "MISSING": "pydantic"}  # those of other names are their modules
INDENT = 4


class SchemaError(Exception):
    """Columns that cannot be written; the message is one line that names the remedy."""


class Edit(NamedTuple):
    """New text for a part of the file, in bytes from its start, as the syntax tree counts columns."""

    start: int
    end: int
    text: str


def write_columns(modules: Iterable[ModuleType]) -> list[Path]:
    """Let the schemas of these modules declare the columns that their models have, and return the changed files.

    Lines that are right stay as they are, and so does everything that is no `column()`. The files are sorted and
    formatted by ruff. All files are written, or none.

    Raises:
        SchemaError: A type has no name that a file could import it by, or ruff fails.
    """
    texts = {Path(inspect.getfile(module)): module for module in modules}
    with ExitStack() as undo:
        changed = []
        for path, module in texts.items():
            before = path.read_bytes()
            after = _Writer(module, before).rewritten()
            if after != before:
                undo.callback(path.write_bytes, before)
                path.write_bytes(after)
                changed.append(path)
        _tidy(changed)
        undo.pop_all()
    return changed


def _tidy(paths: list[Path]) -> None:
    for arguments in (("check", "--select", "I001,F401", "--fix"), ("format",)) if paths else ():
        command = [sys.executable, "-m", "ruff", *arguments, "--quiet", *map(str, paths)]
        ended = subprocess.run(command, capture_output=True, check=False, text=True, timeout=RUFF_SECONDS)  # noqa: S603
        if ended.returncode:
            message = f"`ruff {arguments[0]}` failed: {ended.stdout} {ended.stderr}"
            raise SchemaError(message)


class _Writer:
    """The edits of one module."""

    def __init__(self, module: ModuleType, source: bytes) -> None:
        self.module, self.source = module, source
        self.tree = ast.parse(source)
        self.line_starts = [0]
        for line in source.splitlines(keepends=True):
            self.line_starts.append(self.line_starts[-1] + len(line))
        self.imported: dict[str, Any] = {}

    def rewritten(self) -> bytes:
        """The file with the columns of all its schemas."""
        classes = dict(_classes(self.tree, ""))
        edits = [
            edit
            for schema in schemas_of(self.module)
            if schema.__qualname__ in classes
            for edit in self._edits(schema, classes[schema.__qualname__])
        ]
        edits += self._imports()
        text = self.source
        for edit in sorted(edits, reverse=True, key=lambda edit: edit[:2]):
            text = text[: edit.start] + edit.text.encode() + text[edit.end :]
        return text

    def _edits(self, schema: type[Schema], node: ast.ClassDef) -> Iterator[Edit]:
        columns = [(name, line) for line in node.body if (name := _column_of(line))]
        lines = dict(columns)
        wrong = {each.name: each for each in mismatches(schema)}
        for name, line in columns:
            if line is not lines[name] or (name in wrong and wrong[name].expected is None):
                yield Edit(self.line_starts[line.lineno - 1], self._line_end(line) + 1, "")
            elif name in wrong:
                yield Edit(self._offset(line), self._end(line), self._line(wrong[name]))
        new: dict[ast.stmt | None, list[str]] = {}  # each behind the line of the last column before it
        place: ast.stmt | None = None
        for name in expected_columns(schema):
            place = lines.get(name, place)
            if name in wrong and name not in lines:
                new.setdefault(place, []).append(self._line(wrong[name]))
        for place, texts in new.items():
            yield self._inserted(node, place, texts)

    def _inserted(self, node: ast.ClassDef, place: ast.stmt | None, texts: list[str]) -> Edit:
        indent = " " * (node.col_offset + INDENT)
        block = "".join(f"\n{indent}{text}" for text in texts)
        if place:
            return Edit(self._line_end(place), self._line_end(place), block)
        first = node.body[0]
        if not (isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)):
            before = self.line_starts[first.lineno - 1]
            return Edit(before, before, block[1:] + "\n")
        if isinstance(first.value.value, str):
            return Edit(self._line_end(first), self._line_end(first), "\n" + block)
        return Edit(self._offset(first), self._end(first), block)  # in place of `...`

    def _line(self, mismatch: Mismatch) -> str:
        expected = mismatch.expected or Declaration(None, None)
        taken = {*mismatch.schema.__declared__.by_hand, *expected_columns(mismatch.schema)}
        default = default_text(expected.default)
        self._name(column, set())
        if "MISSING" in default:
            self._name(MISSING, set())
        return (
            f"{mismatch.name}: {annotation_text(expected.annotation, lambda kind: self._name(kind, taken))} = {default}"
        )

    def _name(self, kind: Any, taken: set[str]) -> str:
        """The name of a type in this file, where `taken` are the members of the class."""
        whole = getattr(kind, "__qualname__", kind.__name__)
        name, dot, rest = whole.partition(".")
        found = kind if not dot else vars(sys.modules[kind.__module__]).get(name)
        for candidate in (name, f"{name}_type"):
            known = {**vars(builtins), **vars(self.module), **self.imported}.get(candidate)
            if candidate not in taken and (known is None or known is found) and "<locals>" not in rest:
                if known is None:
                    self.imported[candidate] = found
                return f"{candidate}{dot}{rest}"
        message = (
            f"{self.module.__name__} already has another {name} and {name}_type than {kind.__module__}.{whole}: write "
            "the column by hand, without `column()`."
        )
        raise SchemaError(message)

    def _imports(self) -> Iterator[Edit]:
        lines = []
        for alias, kind in self.imported.items():
            place = PUBLIC_PLACES.get(kind.__name__, kind.__module__)
            lines.append(
                f"from {place} import {kind.__name__} as {alias}\n".replace(f" {alias} as {alias}", f" {alias}")
            )
        start = next(each for each in self.tree.body if not _is_first(each))
        at = self.line_starts[start.lineno - 1]
        yield Edit(at, at, "".join(lines))

    def _offset(self, node: ast.stmt) -> int:
        return self.line_starts[node.lineno - 1] + node.col_offset

    def _end(self, node: ast.stmt) -> int:
        return self.line_starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)

    def _line_end(self, node: ast.stmt) -> int:
        """Where the line of a statement ends, behind its comment."""
        return self.source.index(b"\n", self._end(node))


def _classes(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.ClassDef):
            yield f"{prefix}{each.name}", each
            yield from _classes(each, f"{prefix}{each.name}.")


def _column_of(line: ast.stmt) -> str | None:
    """The name that a line declares as a column."""
    match line:
        case (
            ast.AnnAssign(target=ast.Name(id=name), value=value) | ast.Assign(targets=[ast.Name(id=name)], value=value)
        ):
            return name if isinstance(value, ast.Call) and ast.unparse(value.func) == "column" else None
    return None


def _is_first(line: ast.stmt) -> bool:
    """Whether it is the docstring, or an import that nothing may precede."""
    return isinstance(line, ast.Expr) or (isinstance(line, ast.ImportFrom) and line.module == "__future__")
