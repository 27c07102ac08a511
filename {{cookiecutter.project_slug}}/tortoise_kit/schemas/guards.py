"""Guards: what SQLite is to check of an expression before it stores it in a column, as Postgres does."""

from collections.abc import Callable, Collection
from typing import Any

from pypika_tortoise.terms import Function, Term
from tortoise import fields
from tortoise.fields.base import Field

from tortoise_kit.schemas.expressions import is_double


def guard_of(field: Field[Any], doubles: Collection[str]) -> Callable[[Term], Term] | None:
    """What SQLite is to do with an expression before it stores it in the column.

    Args:
        field: The column's field.
        doubles: The columns of the table that hold doubles, from which Postgres rounds in another way.
    """
    guard = None if hasattr(field, "enum_type") else _guard(field)
    if guard is None:
        return None
    name, arguments = guard
    if name == "checked_integer":
        return lambda term: Function(name, term, *arguments, int(is_double(term, doubles)))
    return lambda term: Function(name, term, *arguments)


def _guard(field: Field[Any]) -> tuple[str, tuple[Any, ...]] | None:
    match field:
        case fields.IntField():
            return "checked_integer", (field.constraints["ge"], field.constraints["le"])
        case fields.DecimalField():
            return "checked_decimal", (field.max_digits, field.decimal_places)
        case fields.CharField() | fields.TextField():
            return "checked_text", (getattr(field, "max_length", None),)
    return next((guard for kind, guard in _GUARDS if isinstance(field, kind)), None)


_GUARDS: tuple[tuple[type[Field[Any]], tuple[str, tuple[str, ...]]], ...] = (
    (fields.FloatField, ("checked_float", ())),
    (fields.DateField, ("checked_time", ("date",))),
    (fields.TimeField, ("checked_time", ("time",))),
    (fields.DatetimeField, ("checked_time", ("timestamp",))),
    (fields.BooleanField, ("checked_as", ("boolean",))),
    (fields.UUIDField, ("checked_as", ("uuid",))),
    (fields.JSONField, ("checked_as", ("json",))),
    (fields.BinaryField, ("checked_as", ("binary",))),
)
