"""The values of a model's rows, converted field by field to what the database driver takes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tortoise.models import Model

from tortoise_kit.bulk.columns import default_of, has_default, stored, values_of

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
    values = [stored(fields[name], [row[name] for row in given]) for name in names]
    missing = [name for name in model._meta.fields_db_projection if name not in names and has_default(fields[name])]
    values += [stored(fields[name], [await default_of(fields[name]) for _ in given]) for name in missing]
    return Rows(model, (*names, *missing), values, len(given))


def rows_of_objects(model: type[Model], names: Sequence[str], objects: Sequence[Model]) -> Rows:
    """Rows of the objects' values of these fields; `auto_now` also sets the objects' own values."""
    fields = model._meta.fields_map
    return Rows(model, tuple(names), [values_of(fields[name], name, objects) for name in names], len(objects))


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
