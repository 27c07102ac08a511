"""The index that a page of a list needs, read from the page's statement and written as a line of its model's `Meta`."""

import inspect
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tortoise import Tortoise
from tortoise.models import Model

_PAGE = re.compile(r'FROM "(?P<table>\w+)"(?: WHERE (?P<where>.*?))? ORDER BY (?P<order>.*?) LIMIT \d', re.DOTALL)
_EQUAL = re.compile(r'"(\w+)"=(?:\?|\$\d+)')
_NULL = re.compile(r'(NOT )?"(\w+)" IS NULL')
_RANGE = re.compile(r'"(\w+)"[<>]=?(?:\?|\$\d+)')
_KEY = re.compile(r'"(\w+)" (ASC|DESC)(?: NULLS (FIRST|LAST))?')
NAME_BYTES = 63  # of an identifier on Postgres


def filters_of(sql: str) -> set[str]:
    """The columns that every range of a page compares by `=` or `IS NULL`."""
    ranges = [page["where"] or "" for page in _PAGE.finditer(sql)]
    found = [{*_EQUAL.findall(each), *(name for no, name in _NULL.findall(each) if not no)} for each in ranges]
    return set.intersection(*found) if found else set()


def index_for(sql: str) -> str | None:
    """The index that serves the first page of a list, as an item of `Meta.indexes`; None if no index can.

    It starts with the columns that are compared by `=`, has the order's keys behind them, and only the rows that an
    `IS NULL` of another column leaves.
    """
    page = _PAGE.search(sql)
    keys = [_KEY.fullmatch(each) for each in page["order"].split(",")] if page else []
    if page is None or None in keys:
        return None
    conditions = page["where"].split(" AND ") if page["where"] else []
    equal = [found[1] for each in conditions if (found := _EQUAL.fullmatch(each))]
    order = [(key[1], key[2] == "DESC", key[3]) for key in keys if key and key[1] not in equal]
    nulls = [found for each in conditions if (found := _NULL.fullmatch(each)) and found[2] != order[0][0]]
    in_range = [found for each in conditions if (found := _RANGE.fullmatch(each)) and found[1] == order[0][0]]
    in_range += [found for each in conditions if (found := _NULL.fullmatch(each)) and found[2] == order[0][0]]
    if len(equal) + len(nulls) + len(in_range) < len(conditions):
        return None
    table = page["table"]
    names = _field_names(table)
    fields = [*(names.get(each, each) for each in dict.fromkeys(equal)), *_items(order, names)]
    return _item(table, fields, [f"{found[2]} IS {'NOT ' if found[1] else ''}NULL" for found in nulls])


def _items(order: Sequence[tuple[str, bool, str | None]], names: dict[str, str]) -> Iterator[str]:
    """The keys as an index has them: ascending first, since it serves the reverse too; NULL is the largest value."""
    flipped = bool(order) and order[0][1]
    for column, descending, nulls in order:
        usual = nulls is None or descending == (nulls == "FIRST")
        down = descending != flipped
        place = "" if usual else f" nulls {'last' if down else 'first'}"
        yield f"{'-' if down else ''}{names.get(column, column)}{place}"


def _item(table: str, fields: Sequence[str], conditions: Sequence[str]) -> str:
    plain = f"({', '.join(map(json.dumps, fields))}{',' if len(fields) == 1 else ''})"
    if not conditions:
        return plain if all(each.isidentifier() for each in fields) else f"Index(fields={plain})"
    condition = " AND ".join(conditions)
    name = "_".join(re.findall(r"\w+", f"{table} {' '.join(fields)} {condition}".lower()))[:NAME_BYTES]
    return f'Index(fields={plain}, name="{name}", condition="{condition}")'


def remedy(sql: str, table: str) -> str:
    """What to do about a page that no index serves: the line to add, and the place where it goes."""
    model, item = _model(table), index_for(sql)
    if item is None:
        return "No index serves such a filter or order; docs/lists.md says what it costs."
    if model is None:
        return f"Add this index to {table}: {item}"
    line = f"{item}," if model._meta.indexes else f"indexes = ({item},)"
    where = f"to indexes in Meta of {model.__name__}" if model._meta.indexes else f"to Meta of {model.__name__}"
    return f"Add {where}, {_place(model)}, and run `python -m app migrations make`:\n    {line}"


def _place(model: type[Model]) -> str:
    path, (_, line) = Path(inspect.getfile(model)), inspect.getsourcelines(model)
    return f"{path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}:{line}"


def _model(table: str) -> type[Model] | None:
    models = (model for app in (Tortoise.apps or {}).values() for model in app.values())
    return next((model for model in models if model._meta.db_table == table), None)


def _field_names(table: str) -> dict[str, str]:
    """The fields of a table's columns."""
    model = _model(table)
    return {column: field for field, column in model._meta.fields_db_projection.items()} if model else {}
