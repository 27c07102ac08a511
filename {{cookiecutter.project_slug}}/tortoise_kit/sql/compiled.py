"""The SQL of a queryset, built once for each form it takes.

Tortoise builds it anew each time, which costs more than the rest of a small request. Two querysets have one form when
they differ in the values of their filters alone; then the text is the same, and only the parameters are encoded, as
Tortoise would do it. The first time a form is met, the parameters so made are compared with Tortoise's own: where they
differ (a LIKE, a filter through a relation), that form is always built by Tortoise.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any

from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from tortoise_kit.sql.conditions import SQLCondition
from tortoise_kit.sql.row_values import RowComparison

MAX_FORMS = 1_000  # of all querysets; a list has as many as its filters have combinations, times its orders

LAST_LIMIT = re.compile(r" LIMIT (\$\d+|\?)$")
PARAMETER = re.compile(r'"[^"]*"|\$(\d+)')

type Form = tuple[object, ...]
type Statement = tuple[str, list[Any]]

_texts: dict[Form, str | None] = {}


class FormlessError(Exception):
    """A part of the queryset whose text may depend on more than is looked at."""


def statement_of(queryset: QuerySet[Any]) -> Statement:
    """The text and the parameters of a queryset."""
    return known_statement(queryset) or _built(queryset)


def known_statement(queryset: QuerySet[Any]) -> Statement | None:
    """The same, if the queryset's form is one of those that need not be built each time."""
    text = _known_text(queryset)
    return None if text is None else (text, parameters_of(queryset))


def chained(querysets: Sequence[QuerySet[Any]], limit: int) -> Statement | None:
    """One statement with the rows of several querysets, those of the first before those of the second, up to `limit`.

    Each has its own order and limit. Postgres (Append) and SQLite read them one after the other and stop at the limit,
    so one whose rows are not needed costs next to nothing. None if the form of one must be built each time.
    """
    parts = [known_statement(queryset) for queryset in querysets]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    dialect = querysets[0]._choose_db().capabilities.dialect
    text = _chain([text for text, _ in known], [len(parameters) for _, parameters in known], limit, dialect)
    return text, [value for _, parameters in known for value in parameters]


def _chain(texts: Sequence[str], counts: Sequence[int], limit: int, dialect: str) -> str:
    if dialect != "postgres":
        return f"{' UNION ALL '.join(f'SELECT * FROM ({text})' for text in texts)} LIMIT {limit:d}"  # noqa: S608
    before = accumulate(counts, initial=0)
    parts = [_renumbered(text, number) for text, number in zip(texts, before, strict=False)]
    return f"{' UNION ALL '.join(f'({part})' for part in parts)} LIMIT {limit:d}"


def _renumbered(text: str, before: int) -> str:
    """The text with its parameters behind so many others; names in quotes stay as they are."""
    return PARAMETER.sub(lambda found: f"${int(found[1]) + before}" if found[1] else found[0], text)


def _known_text(queryset: QuerySet[Any]) -> str | None:
    """The text, if Tortoise need not build it."""
    try:
        form = form_of(queryset)
    except FormlessError:
        return None
    return remembered(_texts, form, lambda: _learned(queryset))


def remembered[Value](known: dict[Form, Value], form: Form, learn: Callable[[], Value]) -> Value:
    """What is known of a form, learnt when it is met first; of too many forms the oldest is forgotten."""
    if form not in known:
        if len(known) >= MAX_FORMS:  # lists of many lengths must not keep all others out for good
            del known[next(iter(known))]
        known[form] = learn()
    return known[form]


def _learned(queryset: QuerySet[Any]) -> str | None:
    text, parameters = _built(queryset.all())
    if queryset._limit is not None:
        text = LAST_LIMIT.sub(f" LIMIT {parameters.pop():d}", text)
    return text if _encodes_alike(queryset, parameters) else None


def _built(queryset: QuerySet[Any]) -> Statement:
    queryset._db = queryset._choose_db()
    queryset._make_query()
    return queryset.query.get_parameterized_sql()


def _encodes_alike(queryset: QuerySet[Any], parameters: list[Any]) -> bool:
    try:
        return parameters_of(queryset) == parameters
    except FormlessError:
        return False


def form_of(queryset: QuerySet[Any]) -> Form:
    """All that the text of a queryset depends on.

    Raises:
        FormlessError: It may depend on more than is looked at.
    """
    if queryset._annotations or queryset._distinct or queryset._select_related or queryset._group_bys:
        raise FormlessError
    if queryset._fields_for_select or queryset._select_for_update or queryset._offset is not None:
        raise FormlessError
    conditions = tuple(_condition(each) for each in queryset._q_objects)
    dialect = queryset._choose_db().capabilities.dialect
    return (queryset.model, dialect, conditions, tuple(queryset._orderings), queryset._limit)


def _condition(condition: Q) -> Form:
    if isinstance(condition, RowComparison):
        return (condition.lookup, *(name for name, _ in condition.pairs))
    if isinstance(condition, SQLCondition):
        return (condition.template, condition.field, condition.first)
    if type(condition) is not Q:
        raise FormlessError
    parts = tuple((name, _part(value)) for name, value in condition.filters.items())
    return (condition.join_type, condition._is_negated, parts, tuple(_condition(each) for each in condition.children))


def _part(value: object) -> object:
    """What of a value the text may depend on."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, list | tuple):
        if any(_part(each) != "value" for each in value):
            raise FormlessError
        return len(value)
    if isinstance(value, set | dict | QuerySet | Q) or hasattr(value, "resolve") or hasattr(value, "get_sql"):
        raise FormlessError
    return "value"


def parameters_of(queryset: QuerySet[Any]) -> list[Any]:
    """A queryset's parameters in the order of its text: its filters as they are written.

    Raises:
        FormlessError: A filter is not of the model's own columns.
    """
    return [value for condition in queryset._q_objects for value in _filtered(queryset.model, condition)]


def _filtered(model: type[Model], condition: Q) -> Iterator[Any]:
    if isinstance(condition, RowComparison):
        for name, value in condition.pairs:
            yield from _filter(model, f"{name}__{condition.lookup}", value)
    if isinstance(condition, SQLCondition):
        yield condition.value
    for name, value in condition.filters.items():
        yield from _filter(model, name, value)
    for child in condition.children:
        yield from _filtered(model, child)


def _filter(model: type[Model], name: str, value: Any) -> Sequence[Any]:
    if name.endswith("__isnull") or value is None:
        return ()
    found = encoded(model, name, value)
    return found if isinstance(found, list) else (found,)


def encoded(model: type[Model], name: str, value: Any) -> Any:
    """A filter's value as a driver gets it; a list of several for a lookup such as `name__in`.

    Raises:
        FormlessError: The filter is not of the model's own columns.
    """
    info = model._meta.filters.get(name)
    if info is None or "table" in info:  # of a relation
        raise FormlessError
    field = model._meta.fields_map[info["field"]]
    encode = info.get("value_encoder")
    return encode(value, model, field) if encode else field.to_db_value(value, model)
