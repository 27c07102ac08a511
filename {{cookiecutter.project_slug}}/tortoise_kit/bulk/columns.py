"""The values of one column, converted to what the database driver takes."""

import inspect
from collections.abc import Sequence
from datetime import UTC, datetime
from types import NoneType
from typing import Any

from tortoise import timezone
from tortoise.fields import CharField, DatetimeField, TextField, TimeField
from tortoise.fields.base import Field
from tortoise.models import Model

from tortoise_kit.schemas.field_values import given_value
from tortoise_kit.schemas.validators import all_pass


def values_of(field: Field[Any], name: str, objects: Sequence[Model]) -> list[Any]:
    """The values that objects have for a field; `auto_now` also sets the objects' own."""
    values = [getattr(each, name) for each in objects]
    if len(objects) > 1 and not _is_automatic(field) and _are_stored_as_is(field, values):
        return values
    return [field.to_db_value(value, each) for value, each in zip(values, objects, strict=True)]


def _is_automatic(field: Field[Any]) -> bool:
    """Whether the field holds the time of the row's creation or last change."""
    return bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


def has_default(field: Field[Any]) -> bool:
    """Whether a row that leaves the field out gets a value from the model."""
    return not field.generated and (field.default is not None or _is_automatic(field))


async def default_of(field: Field[Any]) -> Any:
    """That value: the model's default, or the time for `auto_now` and `auto_now_add`."""
    if _is_automatic(field):
        now = timezone.now()
        return now.timetz() if isinstance(field, TimeField) else now
    value = field.default() if callable(field.default) else field.default
    return await value if inspect.isawaitable(value) else value


def stored(field: Field[Any], values: list[Any]) -> list[Any]:
    """Plain values, as the model's constructor and then `save()` would convert them."""
    kept = has_own_conversion(field) or (
        type(field).to_python_value is Field.to_python_value and _are_only(field.field_type, values)
    )
    if not kept and not _are_in_utc(field, values):
        values = [field.to_python_value(given_value(field, value)) for value in values]
    return values if _are_stored_as_is(field, values) else [field.to_db_value(value, None) for value in values]  # type: ignore[arg-type]  # no instance, as in Tortoise's `update()`


def _are_stored_as_is(field: Field[Any], values: list[Any]) -> bool:
    """Whether the driver takes all these values unconverted: as a rule text, numbers and times in UTC.

    Tortoise converts and validates value by value, which is more than half of the time of an insert. This checks a
    whole column at once; it is False wherever the field has a conversion or a validator that it does not know.
    """
    if None in values and not field.null:
        return False
    if has_own_conversion(field):
        return False
    if type(field).to_db_value is not Field.to_db_value:
        return _are_in_utc(field, values)
    return _are_only(field.field_type, values) and all_pass(field.validators, values)


def has_own_conversion(field: Field[Any]) -> bool:
    """Whether `prepare_models` lets the field round its values, as it does with decimals."""
    is_text = isinstance(field, CharField | TextField)  # which only rejects what is no text
    return not is_text and "to_db_value" in vars(field) and type(field).to_db_value is Field.to_db_value


def _are_only(kind: type[Any], values: list[Any]) -> bool:
    return set(map(type, values)) <= {kind, NoneType}


def _are_in_utc(field: Field[Any], values: list[Any]) -> bool:
    """Whether these are times that Tortoise would only convert from UTC to UTC."""
    if type(field) is not DatetimeField or field.validators or not _are_only(datetime, values):
        return False
    in_utc = timezone.get_use_tz() and timezone.get_timezone() == "UTC"
    return in_utc and all(value is None or value.tzinfo is UTC for value in values)
