"""The index that a page of a list needs, read from the page's statement and written as a line of its model's `Meta`."""

import inspect
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True)
class NeededIndex:
    """An index that a page needs.

    Attributes:
        table: Its table.
        fields: As an `Index` has them: `name`, `-name` or `name nulls first`.
        condition: SQL, for a part of the rows only.
    """

    table: str
    fields: tuple[str, ...]
    condition: str = ""

    def __str__(self) -> str:
        """An item of `Meta.indexes`."""
        fields = f"({', '.join(map(json.dumps, self.fields))}{',' if len(self.fields) == 1 else ''})"
        if not self.condition:
            return fields if all(each.isidentifier() for each in self.fields) else f"Index(fields={fields})"
        words = re.findall(r"\w+", " ".join([self.table, *self.fields, self.condition]).lower())
        return f'Index(fields={fields}, name="{"_".join(words)[:NAME_BYTES]}", condition="{self.condition}")'

    def is_declared(self, model: type[Model]) -> bool:
        """Whether the model's `Meta` has it."""
        declared: Any = model._meta.indexes
        return (self.fields, self.condition) in (
            (tuple(getattr(each, "order", each)), getattr(each, "condition", "")) for each in declared
        )


def index_for(sql: str) -> NeededIndex | None:
    """The index that serves the first page of a list; None if no index can.

    It starts with the columns that are compared by `=`, has the order's keys behind them, and only the rows that an
    `IS NULL` of another column leaves.
    """
    page = _PAGE.search(sql)
    keys = [_KEY.fullmatch(each) for each in page["order"].split(",")] if page else []
    if page is None or None in keys:
        return None
    conditions = page["where"].split(" AND ") if page["where"] else []
    equal = list(dict.fromkeys(found[1] for each in conditions if (found := _EQUAL.fullmatch(each))))
    order = [(key[1], key[2] == "DESC", key[3]) for key in keys if key and key[1] not in equal]
    if not order:
        return None
    others = [each for each in conditions if not _EQUAL.fullmatch(each) and not _is_range_of(order[0][0], each)]
    nulls = [found for each in others if (found := _NULL.fullmatch(each))]
    if len(nulls) < len(others):
        return None
    names = _field_names(page["table"])
    fields = (*(names.get(each, each) for each in equal), *_items(order, names))
    condition = " AND ".join(
        f"{column} IS {'NOT ' if no else ''}NULL" for no, column in (each.groups() for each in nulls)
    )
    return NeededIndex(page["table"], fields, condition)


def _is_range_of(column: str, condition: str) -> bool:
    found = _RANGE.fullmatch(condition) or _NULL.fullmatch(condition)
    return found is not None and found.groups()[-1] == column


def _items(order: Sequence[tuple[str, bool, str | None]], names: dict[str, str]) -> Iterator[str]:
    """The keys as an index has them: ascending first, since it serves the reverse too; NULL is the largest value."""
    flipped = order[0][1]
    for column, descending, nulls in order:
        usual = nulls is None or descending == (nulls == "FIRST")
        down = descending != flipped
        place = "" if usual else f" nulls {'last' if down else 'first'}"
        yield f"{'-' if down else ''}{names.get(column, column)}{place}"


def remedy(sql: str, table: str) -> str:
    """What to do about a page that no index serves: the line to add, and the place where it goes."""
    model, needed = _model(table), index_for(sql)
    if needed is None or model is None:
        return f"No index of {table} serves such a filter or order; docs/lists.md says what it costs."
    if needed.is_declared(model):
        return f"Meta of {model.__name__} has {needed}; if its migration is applied, no index serves this order here."
    line = f"{needed}," if model._meta.indexes else f"indexes = ({needed},)"
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
