"""Places in the code of a feature where a column belongs, found by syntax tree, whatever else was written there."""

import ast
from collections.abc import Callable, Iterator
from functools import partial

type Place = tuple[int, int]
"""A line, from 1, and a byte in it, from 0."""
type Find = Callable[[ast.Module], Place | None]
"""Returns where a text goes; None if the code is of another shape."""


def inserted(text: str, place: Place, new: str) -> str:
    """The text with `new` at a place; a comma before it if it follows another item of a list."""
    lines = text.encode().splitlines(keepends=True)
    line, column = place
    start = sum(map(len, lines[: line - 1])) + column
    before, after = text.encode()[:start].decode(), text.encode()[start:].decode()
    comma = ", " if column and before.rstrip()[-1:] not in {",", "(", "[", "{"} else ""
    return f"{before}{comma}{new}{after}"


def before_class(name: str) -> Find:
    """Before a class."""
    return lambda tree: next(((node.lineno, 0) for node in tree.body if _name(node) == name), None)


def in_model(name: str) -> Find:
    """In a model: before `created_at`, or else `Meta`."""
    return lambda tree: next(
        ((node.lineno, 0) for node in _class(tree, name) if _name(node) in {"created_at", "Meta"}), None
    )


def in_class(name: str) -> Find:
    """At the end of a class."""
    return lambda tree: next((((node.end_lineno or 0) + 1, 0) for node in _class(tree, name)[-1:]), None)


def in_meta(model: str, name: str) -> Find:
    """At the end of the tuple of this name in a model's `Meta`."""
    return lambda tree: _in_assigned(name, ast.Module([*_class(tree, model)], []))


def at_end_of_meta(model: str) -> Find:
    """At the end of a model's `Meta`."""
    return lambda tree: in_class("Meta")(ast.Module([*_class(tree, model)], []))


def in_type_checking(tree: ast.Module) -> Place | None:
    """In the imports for type checkers."""
    found = (node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    return next((((node.end_lineno or 0) + 1, 0) for node in found), None)


def in_assigned(name: str) -> Find:
    """At the end of the tuple, list or dict that is assigned to a name."""
    return partial(_in_assigned, name)


def _in_assigned(name: str, tree: ast.Module) -> Place | None:
    found = (
        node.value for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.AnnAssign) and _name(node) == name
    )
    return next((_end(each) for each in found if isinstance(each, ast.Tuple | ast.List | ast.Dict)), None)


def in_call(function: str, first: str) -> Find:
    """At the end of the arguments of a call with this first one."""
    return partial(_in_call, function, first)


def _in_call(function: str, first: str, tree: ast.Module) -> Place | None:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == function)
    return next((_end(call) for call in calls if call.args and ast.unparse(call.args[0]) == first), None)


def before_created_at(tree: ast.Module) -> Place | None:
    """In a tuple of values: before `created_at`, the last one."""
    found = (each for each in _last_items(tree) if isinstance(each, ast.Name) and each.id == "created_at")
    return next(((each.lineno, each.col_offset) for each in found), None)


def before_name_of_created_at(tree: ast.Module) -> Place | None:
    """In a tuple of names: before "created_at", the last one."""
    found = (each for each in _last_items(tree) if isinstance(each, ast.Constant) and each.value == "created_at")
    return next(((each.lineno, each.col_offset) for each in found), None)


def before_given(tree: ast.Module) -> Place | None:
    """In the body that tests send: before `**given`."""
    dicts = (node for node in ast.walk(tree) if isinstance(node, ast.Dict) and None in node.keys)
    values = (node.values[node.keys.index(None)] for node in dicts)
    found = (each for each in values if isinstance(each, ast.Name) and each.id == "given")
    return next(((each.lineno, each.col_offset - len("**")) for each in found), None)


def models_of_table(tree: ast.Module, table: str) -> Iterator[str]:
    """The models with this table."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and f"table = '{table}'" in map(ast.unparse, _class(node, "Meta")):
            yield node.name


def _last_items(tree: ast.Module) -> Iterator[ast.expr]:
    """The last item of each tuple of values."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
            yield node.elts[-1]


def _end(node: ast.expr) -> Place:
    """Before the bracket that ends it."""
    return node.end_lineno or 0, (node.end_col_offset or 1) - 1


def _class(tree: ast.Module | ast.ClassDef, name: str) -> list[ast.stmt]:
    return next((node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name), [])


def _name(node: ast.stmt) -> str:
    match node:
        case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""


def orders_of(tree: ast.Module) -> list[str]:
    """The orders that a call of `paging` offers."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "paging")
    return [str(each.value) for call in calls for each in call.args if isinstance(each, ast.Constant)]
