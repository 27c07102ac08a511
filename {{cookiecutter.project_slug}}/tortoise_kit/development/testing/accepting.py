"""What `--accept` writes: statuses and budgets in the lines of `contract.py`, and whole files such as `openapi.json`.

A test that measured something keeps it as an `Outcome`. When the run ends the outcomes of all tests and databases are
merged, line by line, and the changed files are returned, to be shown and then written.
"""

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ARGUMENTS = {"Access": ("route", "statuses", "prepare"), "Budget": ("route", "queries", "prepare", "per_database")}


@dataclass(frozen=True)
class Place:
    """A line of a file.

    Attributes:
        path: The file.
        line: From 1.
    """

    path: str
    line: int

    def __str__(self) -> str:
        path = Path(self.path)
        return f"{path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}:{self.line}"


def declared_here() -> Place:
    """Where an object is created: the default factory of a field of its dataclass."""
    frame = inspect.currentframe()
    for _ in range(2):  # over the generated __init__
        frame = frame.f_back if frame else None
    return Place(frame.f_code.co_filename, frame.f_lineno) if frame else Place("", 0)


@dataclass(frozen=True)
class Outcome:
    """What one test measured for one line.

    Attributes:
        call: `Access` or `Budget`.
        path, line: Of the call.
        declared: What it declares: a status for each caller, or a number for each database.
        slot: The caller's or the database's place in that.
        value: The status or the number.
        names: Constants of the file that may stand for a list of statuses, by its text.
    """

    call: str
    path: str
    line: int
    declared: Mapping[str, int]
    slot: str
    value: int
    names: Mapping[str, str] = field(default_factory=dict)


def constants(path: str) -> dict[str, str]:
    """The constants of an imported file that are tuples, by their text."""
    found = (each for each in list(sys.modules.values()) if getattr(each, "__file__", None) == path)
    names = next((vars(each) for each in found), {})
    return {repr(value): name for name, value in names.items() if name.isupper() and isinstance(value, tuple)}


def rewritten(outcomes: Iterable[Outcome]) -> tuple[dict[Path, str], list[str]]:
    """The changed texts of the files, and the lines that must be changed by hand, each with the reason."""
    by_file: dict[Path, dict[int, list[Outcome]]] = {}
    for each in outcomes:
        by_file.setdefault(Path(each.path), {}).setdefault(each.line, []).append(each)
    texts, problems = {}, []
    for path, lines in by_file.items():
        old = text = path.read_text(encoding="utf-8")
        for line in sorted(lines, reverse=True):  # from the end, so that the lines above keep their numbers
            try:
                text = _with_line(text, lines[line])
            except ValueError as error:
                problems.append(f"{Place(str(path), line)}: {error}")
        if text != old:
            texts[path] = text
    return texts, problems


def _with_line(text: str, outcomes: list[Outcome]) -> str:
    first = outcomes[0]
    wanted = _wanted(outcomes)
    if all(each.declared == wanted for each in outcomes):
        return text
    call, repeated = _call(ast.parse(text), first)
    arguments = _statuses(wanted, first.names) if first.call == "Access" else _queries(wanted)
    for name, new in sorted(arguments.items()):  # per_database first, since it stands behind
        text = _with_argument(text, call, name, new, repeated=repeated)
    return text


def _wanted(outcomes: list[Outcome]) -> dict[str, int]:
    """What the line should declare: a caller's only status, a database's highest number of queries."""
    first = outcomes[0]
    found = {name: {each.value for each in outcomes if each.slot == name} for name in first.declared}
    for name, values in found.items():
        if first.call == "Access" and len(values) > 1:
            message = f"{name} gets {' and '.join(map(str, sorted(values)))} from the calls of this line; divide it"
            raise ValueError(message)
    wanted = {name: max(values) for name, values in found.items() if values}
    if first.call == "Budget" and len({*first.declared.values()}) == 1:  # one number is also for a database not run
        return dict.fromkeys(first.declared, max(wanted.values())) | wanted
    return {**first.declared, **wanted}


def _statuses(wanted: Mapping[str, int], names: Mapping[str, str]) -> dict[str, str | None]:
    text = repr(tuple(wanted.values()))
    return {"statuses": names.get(text, text)}


def _queries(wanted: Mapping[str, int]) -> dict[str, str | None]:
    number = wanted["sqlite"]
    other = {name: each for name, each in wanted.items() if each != number}
    return {"queries": str(number), "per_database": str(other).replace("'", '"') if other else None}


def _call(tree: ast.Module, outcome: Outcome) -> tuple[ast.Call, bool]:
    """The call at that line, and whether a comprehension repeats it."""
    for node, repeated in _nodes(tree, repeated=False):
        match node:
            case ast.Call(func=ast.Name(id=outcome.call), lineno=outcome.line):
                return node, repeated
    message = f"no {outcome.call}(…) begins here"
    raise ValueError(message)


def _nodes(node: ast.AST, *, repeated: bool) -> Iterator[tuple[ast.AST, bool]]:
    yield node, repeated
    repeated = repeated or isinstance(node, ast.ListComp | ast.GeneratorExp)
    for child in ast.iter_child_nodes(node):
        yield from _nodes(child, repeated=repeated)


def _with_argument(text: str, call: ast.Call, name: str, new: str | None, *, repeated: bool) -> str:
    position = ARGUMENTS[call.func.id].index(name)  # type: ignore[attr-defined]  # a Name, as _call found it
    by_name = next((each.value for each in call.keywords if each.arg == name), None)
    old = call.args[position] if position < len(call.args) else by_name
    if old is None:
        if new is None:
            return text
        end = _offset(text, call.end_lineno, call.end_col_offset) - 1
        prefix = "" if position == len(call.args) and not call.keywords else f"{name}="
        return f"{text[:end].rstrip().removesuffix(',')}, {prefix}{new}{text[end:]}"
    begin, end = _offset(text, old.lineno, old.col_offset), _offset(text, old.end_lineno, old.end_col_offset)
    if repeated and isinstance(old, ast.Name) and not old.id.isupper():
        message = f"write {name} {new} where {old.id} comes from"
        raise ValueError(message)
    if new is None:
        begin = text.rindex(",", 0, begin)
    return text[:begin] + (new or "") + text[end:]


def _offset(text: str, line: int | None, column: int | None) -> int:
    """The index in a text of a position in its syntax tree, whose columns are bytes of UTF-8."""
    lines = text.splitlines(keepends=True)[: line or 1]
    return sum(map(len, lines[:-1])) + len(lines[-1].encode()[: column or 0].decode())
