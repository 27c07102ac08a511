"""Rows of one model on their way into the database: their values, field by field, as the driver takes them."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import NoneType
from typing import Any

from tortoise import timezone
from tortoise.fields import DatetimeField, TimeField
from tortoise.fields.base import Field
from tortoise.models import Model
from tortoise.validators import MaxLengthValidator

type Row = Mapping[str, Any]
type Place = tuple[Any, ...]


class BulkError(ValueError):
    """Rows that cannot be written together; nothing was written."""


@dataclass(frozen=True)
class Rows:
    """Values of rows of one model.

    Attributes:
        model: Whose rows.
        names: Fields that have values.
        values: A list for each of them, all of one length.
        count: That length.
    """

    model: type[Model]
    names: tuple[str, ...]
    values: list[list[Any]]
    count: int

    @property
    def columns(self) -> list[str]:
        """The columns of the fields."""
        return [self.model._meta.fields_db_projection[name] for name in self.names]

    def batches(self, size: int) -> Iterator["Rows"]:
        """The same rows, so many at a time."""
        for start in range(0, self.count, size):
            values = [column[start : start + size] for column in self.values]
            yield Rows(self.model, self.names, values, min(size, self.count - start))

    def in_order(self, positions: Sequence[int]) -> "Rows":
        """The same rows in another order."""
        values = [[column[each] for each in positions] for column in self.values]
        return Rows(self.model, self.names, values, self.count)

    def places(self, names: Sequence[str]) -> list[Place]:
        """The values of these fields in each row, as the model would hold them."""
        fields = self.model._meta.fields_map
        stored = ((fields[name], self.values[self.names.index(name)]) for name in names)
        return list(zip(*([field.to_python_value(value) for value in column] for field, column in stored), strict=True))


def distinct_order(rows: Rows, names: Sequence[str]) -> list[int]:
    """The positions of the rows in the order of these fields' values, which tell them apart.

    Raises:
        BulkError: Two rows have the same values, or one has none.
    """
    what = f"{rows.model.__name__}.{'+'.join(names)}"
    if absent := [name for name in names if name not in rows.names]:
        message = f"{what} tells rows apart, and these rows have no {absent[0]}."
        raise BulkError(message)
    seen: dict[Place, int] = {}
    for position, place in enumerate(rows.places(names)):
        if None in place:
            message = f"Row {position} has a NULL in {what}, which is the same as no other; give it a value."
            raise BulkError(message)
        if (first := seen.setdefault(place, position)) != position:
            message = f"Rows {first} and {position} have the same {what}; give each row once."
            raise BulkError(message)
    stored = list(zip(*(rows.values[rows.names.index(name)] for name in names), strict=True))
    return sorted(range(rows.count), key=stored.__getitem__)


async def rows_of(model: type[Model], given: Sequence[Row], *, fill: Callable[[Field[Any]], bool]) -> Rows:
    """Rows of plain values by field, `customer_id` for a foreign key, stored as the model's constructor would.

    Args:
        model: Whose rows.
        given: At least one row; all name the same fields.
        fill: Which of the fields that are not named to fill in: with the model's default or, where it notes one, the
            time.

    Raises:
        BulkError: A row names other fields than the first, or one that the model does not have.
    """
    names = tuple(require_columns(model, given[0]))
    if other := next((number for number, row in enumerate(given) if row.keys() != given[0].keys()), None):
        message = (
            f"Row {other} names {', '.join(given[other])}, and row 0 {', '.join(names)}; name the same in all rows."
        )
        raise BulkError(message)
    fields = model._meta.fields_map
    values = [_stored(fields[name], [row[name] for row in given], model) for name in names]
    missing = [name for name in model._meta.fields_db_projection if name not in names and fill(fields[name])]
    values += [_stored(fields[name], [await _default(fields[name]) for _ in given], model) for name in missing]
    return Rows(model, (*names, *missing), values, len(given))


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


def notes_changes(field: Field[Any]) -> bool:
    """Whether the field holds the time of the last change."""
    return bool(getattr(field, "auto_now", False))


def times_of_change(model: type[Model]) -> list[str]:
    """The fields that hold the time of the last change."""
    return [name for name in model._meta.fields_db_projection if notes_changes(model._meta.fields_map[name])]


def is_filled_in(field: Field[Any]) -> bool:
    """Whether the model itself has a value for the field of a new row."""
    return not field.generated and (field.default is not None or notes_time(field))


def notes_time(field: Field[Any]) -> bool:
    """Whether the field holds the time of the row's making or last change."""
    return notes_changes(field) or bool(getattr(field, "auto_now_add", False))


async def _default(field: Field[Any]) -> Any:
    if notes_time(field):
        now = timezone.now()
        return now.timetz() if isinstance(field, TimeField) else now
    value = field.default() if callable(field.default) else field.default
    return await value if inspect.isawaitable(value) else value


def _stored(field: Field[Any], values: list[Any], model: type[Model]) -> list[Any]:
    kept = type(field).to_python_value is Field.to_python_value and _are_only(field.field_type, values)
    if not kept and not _are_in_utc(field, values):
        values = [field.to_python_value(value) for value in values]
    return values if is_stored_as_is(field, values) else [field.to_db_value(value, model) for value in values]


def is_stored_as_is(field: Field[Any], values: list[Any]) -> bool:
    """Whether the driver takes all these values of a model just as they are: usual for texts, numbers, times in UTC.

    Tortoise converts and checks value by value, which is more than half of the time of an insert. This asks for a
    whole column at once, and says no wherever the field has a conversion or a check that it does not know.
    """
    if None in values and not field.null:
        return False
    if type(field).to_db_value is not Field.to_db_value:
        return _are_in_utc(field, values)
    return _are_only(field.field_type, values) and _are_short_enough(field, values)


def _are_only(kind: type[Any], values: list[Any]) -> bool:
    return set(map(type, values)) <= {kind, NoneType}


def _are_in_utc(field: Field[Any], values: list[Any]) -> bool:
    """Whether these are times that Tortoise would only move from UTC to UTC."""
    if type(field) is not DatetimeField or field.validators or not _are_only(datetime, values):
        return False
    in_utc = timezone.get_use_tz() and timezone.get_timezone() == "UTC"
    return in_utc and all(value is None or value.tzinfo is UTC for value in values)


def _are_short_enough(field: Field[Any], values: list[Any]) -> bool:
    """Whether all checks of the field are of a length, and the longest value passes them."""
    if not all(type(check) is MaxLengthValidator for check in field.validators):
        return False
    longest = max((len(value) for value in values if value is not None), default=0) if field.validators else 0
    return all(longest <= check.max_length for check in field.validators if isinstance(check, MaxLengthValidator))
