"""What a column can hold, checked before a value is sent, so that SQLite refuses what Postgres refuses.

SQLite stores any integer in an INT, any text in a VARCHAR(10) and any number in a DECIMAL(12,2). `hold_to_columns` adds
these limits to the fields of models, whichever way their rows are written:

    values           the fields' own conversion checks them, and rounds decimals half away from zero, as Postgres does
    expressions      `update(stock=F("stock") + 1)` is checked by SQLite itself, row by row, in a function of the engine
    SQL by hand      is not checked on SQLite
"""

from functools import partial
from typing import Any

from tortoise import fields
from tortoise.fields.base import Field
from tortoise.filters import string_encoder
from tortoise.models import Model

from tortoise_kit.schemas.column_limits import ColumnLimit, IntegerRange, StorableText
from tortoise_kit.schemas.expression_types import column as column_of
from tortoise_kit.schemas.field_values import decimal_to_python, to_db_of
from tortoise_kit.schemas.filter_values import part_of, searched
from tortoise_kit.schemas.guards import guard_of
from tortoise_kit.schemas.sqlite_functions import DATE_PARTS
from tortoise_kit.upstream.pypika import guard_updates, never_null


def hold_to_columns(model: type[Model]) -> None:
    """Let the model's fields refuse what their columns cannot hold; again after each initialisation of Tortoise.

    A value raises ValidationError, which names the field; an expression on SQLite OperationalError, as on Postgres.
    """
    guards = {}
    columns = model._meta.fields_db_projection
    fields_map = model._meta.fields_map
    doubles = {column for name, column in columns.items() if isinstance(fields_map[name], fields.FloatField)}
    for name, column in columns.items():
        field = fields_map[name]
        # Of these objects, since a validator changes no value.
        if (to_db := to_db_of(field)) is not None:
            field.to_db_value = partial(to_db, field)  # type: ignore[method-assign]
        if isinstance(field, fields.DecimalField):
            field.to_python_value = partial(decimal_to_python, field)  # type: ignore[method-assign]
        if (limit := _limit(field)) and not any(isinstance(each, ColumnLimit) for each in field.validators):
            field.validators.append(limit)
        if guard := guard_of(field, doubles):
            guards[column] = guard
    guard_updates(model._meta.basetable, guards)
    never_null(model._meta.basetable, [column for name, column in columns.items() if not fields_map[name].null])
    for name, found in model._meta.filters.items():
        if any(name.endswith(f"__{part}") for part in DATE_PARTS):  # such as `at__year`, whose value is no timestamp
            model._meta.filters[name] = {**found, "value_encoder": partial(_part_of_filter, name)}
        elif found.get("value_encoder") is string_encoder:
            model._meta.filters[name] = {**found, "value_encoder": partial(_text_of_filter, name)}


def _part_of_filter(name: str, value: Any, model: Any, field: Field[Any]) -> int:
    return part_of(name, column_of(str(field.model_field_name), model, {}), name.rpartition("__")[2], value)


def _text_of_filter(name: str, value: Any, model: Any, field: Field[Any]) -> str:
    return searched(name, column_of(str(field.model_field_name), model, {}), value)


def _limit(field: Field[Any]) -> ColumnLimit | None:
    if hasattr(field, "enum_type"):
        return None  # its members are its limit
    match field:
        case fields.IntField():
            return IntegerRange(field.constraints["ge"], field.constraints["le"])
        case fields.TimeDeltaField():
            return IntegerRange(-(2**63), 2**63 - 1)
        case fields.CharField() | fields.TextField():
            return StorableText()
    return None
