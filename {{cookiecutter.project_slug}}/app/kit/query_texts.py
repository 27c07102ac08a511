"""The SQL of a queryset, built once for each form it takes.

Tortoise builds it anew each time, which costs more than the rest of a small request. Two querysets have one form when
they differ in the values of their filters alone; then the text is the same, and only the parameters are encoded, as
Tortoise would do it. The first time a form is met, the parameters so made are compared with Tortoise's own: where they
differ (a LIKE, a filter through a relation), that form is always built by Tortoise.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from app.kit.row_comparison import RowComparison

MAX_FORMS = 1_000  # of all querysets; a list has as many as its filters have combinations, times its orders

type Form = tuple[object, ...]

_texts: dict[Form, str | None] = {}


class FormlessError(Exception):
    """A part of the queryset whose text may depend on more than is looked at."""


def statement_of(queryset: QuerySet[Any]) -> tuple[str, list[Any]]:
    """The text and the parameters of a queryset."""
    text = _known_text(queryset)
    return _built(queryset) if text is None else (text, _parameters(queryset))


async def models_of(queryset: QuerySet[Any]) -> list[Any]:
    """The rows of a queryset without prefetches, as its own `await` gives them."""
    text = _known_text(queryset)
    if text is None:
        return await queryset
    db = queryset._choose_db()
    executor = db.executor_class(model=queryset.model, db=db)
    rows: list[Any] = await executor.execute_select(text, _parameters(queryset))
    return rows


def _known_text(queryset: QuerySet[Any]) -> str | None:
    """The text, if Tortoise need not build it."""
    try:
        form = _form(queryset)
    except FormlessError:
        return None
    if form not in _texts:
        _learn(form, queryset)
    return _texts.get(form)


def _learn(form: Form, queryset: QuerySet[Any]) -> None:
    if len(_texts) < MAX_FORMS:
        text, parameters = _built(queryset.all())
        _texts[form] = text if _encodes_alike(queryset, parameters) else None


def _built(queryset: QuerySet[Any]) -> tuple[str, list[Any]]:
    queryset._db = queryset._choose_db()
    queryset._make_query()
    return queryset.query.get_parameterized_sql()


def _encodes_alike(queryset: QuerySet[Any], parameters: list[Any]) -> bool:
    try:
        return _parameters(queryset) == parameters
    except FormlessError:
        return False


def _form(queryset: QuerySet[Any]) -> Form:
    if queryset._annotations or queryset._distinct or queryset._select_related or queryset._group_bys:
        raise FormlessError
    if queryset._fields_for_select or queryset._select_for_update or queryset._offset is not None:
        raise FormlessError
    conditions = tuple(_condition(each) for each in queryset._q_objects)
    dialect = queryset._choose_db().capabilities.dialect
    return (queryset.model, dialect, conditions, tuple(queryset._orderings), queryset._limit is None)


def _condition(condition: Q) -> Form:
    if isinstance(condition, RowComparison):
        return (condition.lookup, *(name for name, _ in condition.pairs))
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


def _parameters(queryset: QuerySet[Any]) -> list[Any]:
    """In the order of the text: the filters as they are written, then the limit."""
    found = [value for condition in queryset._q_objects for value in _encoded(queryset.model, condition)]
    return found if queryset._limit is None else [*found, queryset._limit]


def _encoded(model: type[Model], condition: Q) -> Iterator[Any]:
    if isinstance(condition, RowComparison):
        for name, value in condition.pairs:
            yield from _filter(model, f"{name}__{condition.lookup}", value)
    for name, value in condition.filters.items():
        yield from _filter(model, name, value)
    for child in condition.children:
        yield from _encoded(model, child)


def _filter(model: type[Model], name: str, value: Any) -> Sequence[Any]:
    if name.endswith("__isnull") or value is None:
        return ()
    info = model._meta.filters.get(name)
    if info is None or "table" in info:  # of a relation
        raise FormlessError
    field = model._meta.fields_map[info["field"]]
    encode = info.get("value_encoder")
    encoded = encode(value, model, field) if encode else field.to_db_value(value, model)
    return encoded if isinstance(encoded, list) else (encoded,)
