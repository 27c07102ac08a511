"""What `--accept` writes: statuses and budgets in the lines of `contract.py`, and whole files such as `openapi.json`.

A test that measured something keeps it as an `Outcome`. When the run ends the outcomes of all tests and databases are
merged, line by line, and the changed files are returned, to be shown and then written.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tortoise_kit.development.testing.outcomes import Outcome, Place

ARGUMENTS = {"Access": ("route", "statuses", "prepare"), "Budget": ("route", "queries", "prepare", "per_database")}


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
                if lines[line][0].call != "Hostile":
                    text = _with_line(text, lines[line])
            except ValueError as error:
                problems.append(f"{Place(str(path), line)}: {error}")
        requests = [each for found in lines.values() for each in found if each.call == "Hostile"]
        text, left = _with_requests(text, requests)
        problems += left
        if text != old:
            texts[path] = text
    return texts, problems


def _with_requests(text: str, outcomes: list[Outcome]) -> tuple[str, list[str]]:
    """The text with the statuses of hostile requests, where each is written, and what cannot be written."""
    tree = ast.parse(text)
    found: dict[ast.Constant, list[Outcome]] = {}
    problems = []
    for each in outcomes:
        if number := _number(tree, each):
            found.setdefault(number, []).append(each)
        elif each.value != each.declared[each.slot]:
            problems.append(_by_hand([each]))
    for number in sorted(found, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        values = {each.value for each in found[number]}
        if len(values) > 1:
            problems.append(_by_hand(found[number]))
        else:
            begin, end = _ends(text, number)
            text = f"{text[:begin]}{values.pop()}{text[end:]}"
    return text, problems


def _by_hand(outcomes: list[Outcome]) -> str:
    gets = dict.fromkeys(f"{each.slot!r} gets {each.value}" for each in outcomes)
    remedy = "write its status by hand"
    if len(gets) > 1:
        one = len({each.slot for each in outcomes}) == 1
        remedy = "both databases must return one status" if one else "give each its own line"
    return f"{Place(outcomes[0].path, outcomes[0].line)}: {' and '.join(gets)}: {remedy}"


def _number(tree: ast.Module, outcome: Outcome) -> ast.Constant | None:
    """Where the status of a request is written: in its call, or at the end of the only row that its name ends with."""
    calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call) and each.lineno == outcome.line]
    match next((each.value for call in calls for each in call.keywords if each.arg == "status"), None):
        case ast.Constant() as number:
            return number
        case ast.Name():
            rows = [each.elts for each in ast.walk(tree) if isinstance(each, ast.Tuple) and len(each.elts) > 1]
            named = {
                last: str(first.value)
                for first, *_, last in rows
                if isinstance(first, ast.Constant) and isinstance(last, ast.Constant)
                if outcome.slot.endswith(str(first.value)) and last.value == outcome.declared[outcome.slot]
            }
            longest = max(map(len, named.values()), default=0)
            numbers = [each for each, name in named.items() if len(name) == longest]
            return numbers[0] if len(numbers) == 1 else None
    return None


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
    begin, end = _ends(text, old)
    if repeated and isinstance(old, ast.Name) and not old.id.isupper():
        message = f"write {name} {new} where {old.id} comes from"
        raise ValueError(message)
    if new is None:
        begin = text.rindex(",", 0, begin)
    return text[:begin] + (new or "") + text[end:]


def _ends(text: str, node: ast.expr) -> tuple[int, int]:
    return _offset(text, node.lineno, node.col_offset), _offset(text, node.end_lineno, node.end_col_offset)


def _offset(text: str, line: int | None, column: int | None) -> int:
    """The index in a text of a position in its syntax tree, whose columns are bytes of UTF-8."""
    lines = text.splitlines(keepends=True)[: line or 1]
    return sum(map(len, lines[:-1])) + len(lines[-1].encode()[: column or 0].decode())
