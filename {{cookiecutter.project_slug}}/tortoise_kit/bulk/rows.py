"""The values of a model's rows, converted field by field to what the database driver takes."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import NoneType
from typing import Any

from tortoise import timezone
from tortoise.fields import CharField, DatetimeField, TextField, TimeField
from tortoise.fields.base import Field
from tortoise.models import Model

from tortoise_kit.schemas.field_values import given_value
from tortoise_kit.schemas.validators import all_pass

type Row = Mapping[str, Any]


class BulkError(ValueError):
    """These rows cannot be written together; nothing was written."""


@dataclass(frozen=True)
class Rows:
    """Values of rows of one model.

    Attributes:
        model: The model.
        names: The fields that have values.
        values: A list of values for each of these fields.
        count: The number of rows, which is the length of each list.
    """

    model: type[Model]
    names: tuple[str, ...]
    values: list[list[Any]]
    count: int

    @property
    def columns(self) -> list[str]:
        """The fields' columns."""
        return [self.model._meta.fields_db_projection[name] for name in self.names]

    def batches(self, size: int) -> Iterator["Rows"]:
        """The same rows in batches of up to `size`."""
        for start in range(0, self.count, size):
            values = [column[start : start + size] for column in self.values]
            yield Rows(self.model, self.names, values, min(size, self.count - start))

    def in_order(self, positions: Sequence[int]) -> "Rows":
        """The same rows in another order."""
        values = [[column[each] for each in positions] for column in self.values]
        return Rows(self.model, self.names, values, self.count)

    def tuples(self, names: Sequence[str]) -> list[tuple[Any, ...]]:
        """For each row the values of these fields, as the model would hold them."""
        fields = self.model._meta.fields_map
        stored = ((fields[name], self.values[self.names.index(name)]) for name in names)
        return list(zip(*([field.to_python_value(value) for value in column] for field, column in stored), strict=True))


def distinct_order(rows: Rows, names: Sequence[str]) -> list[int]:
    """The positions of the rows, sorted by these fields, whose values must differ from row to row.

    Raises:
        BulkError: Two rows have the same values, or one has no value.
    """
    key = f"{rows.model.__name__}.{'+'.join(names)}"
    if absent := [name for name in names if name not in rows.names]:
        message = f"{key} identifies a row, and these rows have no {absent[0]}."
        raise BulkError(message)
    stored = list(zip(*(rows.values[rows.names.index(name)] for name in names), strict=True))
    seen: dict[tuple[Any, ...], int] = {}
    for position, values in enumerate(stored):
        if None in values:
            message = f"Row {position} has a NULL in {key}, which equals no other NULL; pass a value."
            raise BulkError(message)
        hashable = tuple([tuple(value) if isinstance(value, list) else value for value in values])
        if (first := seen.setdefault(hashable, position)) != position:
            message = f"Rows {first} and {position} have the same {key}; pass each row once."
            raise BulkError(message)
    return sorted(range(rows.count), key=stored.__getitem__)


async def rows_of(model: type[Model], given: Sequence[Row]) -> Rows:
    """New rows of plain values by field, `customer_id` for a foreign key, as the model's constructor would store them.

    Other fields get the model's default, or the time for `auto_now` and `auto_now_add`.

    Args:
        model: The model.
        given: At least one row; all have the same fields.

    Raises:
        BulkError: A row has other fields than the first, or one that the model does not have.
    """
    names = tuple(require_columns(model, given[0]))
    if other := next((number for number, row in enumerate(given) if row.keys() != given[0].keys()), None):
        message = (
            f"Row {other} has {', '.join(given[other])}, and row 0 {', '.join(names)}; all must have the same fields."
        )
        raise BulkError(message)
    fields = model._meta.fields_map
    values = [_stored(fields[name], [row[name] for row in given]) for name in names]
    missing = [name for name in model._meta.fields_db_projection if name not in names and _has_default(fields[name])]
    values += [_stored(fields[name], [await _default(fields[name]) for _ in given]) for name in missing]
    return Rows(model, (*names, *missing), values, len(given))


def rows_of_objects(model: type[Model], names: Sequence[str], objects: Sequence[Model]) -> Rows:
    """Rows of the objects' values of these fields; `auto_now` also sets the objects' own values."""
    fields = model._meta.fields_map
    return Rows(model, tuple(names), [_values(fields[name], name, objects) for name in names], len(objects))


def _values(field: Field[Any], name: str, objects: Sequence[Model]) -> list[Any]:
    values = [getattr(each, name) for each in objects]
    if not _is_automatic(field) and _are_stored_as_is(field, values):
        return values
    return [field.to_db_value(value, each) for value, each in zip(values, objects, strict=True)]


def require_columns[Names: Mapping[str, Any] | Sequence[str]](model: type[Model], names: Names) -> Names:
    """The same names.

    Raises:
        BulkError: The model has no column for one of them.
    """
    columns = model._meta.fields_db_projection
    if unknown := [name for name in names if name not in columns]:
        message = f"{model.__name__} has no column for {unknown[0]!r}; it has {', '.join(columns)}."
        raise BulkError(message)
    return names


def auto_now_fields(model: type[Model]) -> list[str]:
    """The fields that hold the time of the last change."""
    fields = model._meta.fields_map
    return [name for name in model._meta.fields_db_projection if getattr(fields[name], "auto_now", False)]


def _is_automatic(field: Field[Any]) -> bool:
    """Whether the field holds the time of the row's creation or last change."""
    return bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


def _has_default(field: Field[Any]) -> bool:
    return not field.generated and (field.default is not None or _is_automatic(field))


async def _default(field: Field[Any]) -> Any:
    if _is_automatic(field):
        now = timezone.now()
        return now.timetz() if isinstance(field, TimeField) else now
    value = field.default() if callable(field.default) else field.default
    return await value if inspect.isawaitable(value) else value


def _stored(field: Field[Any], values: list[Any]) -> list[Any]:
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
