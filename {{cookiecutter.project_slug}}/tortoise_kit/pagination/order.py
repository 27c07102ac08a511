"""What a list is sorted by: sort keys, parsed from an order.

An order is a sequence of items such as `"-created_at"`, `"author__name"` or `"score nulls first"`. The primary key is
appended in the direction of the last item, so that one plain index `(created_at, id)` serves both directions and no two
rows share a place. NULL is the largest value on both databases, as in Postgres, unless an item says otherwise.

Neither Tortoise 1.1 nor its query builder has NULLS FIRST or LAST (tortoise-orm issue 788), but the builder writes the
`value` of any enum that it gets as a direction, so `SortDirection` has them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from enum import Enum
from functools import lru_cache
from typing import Any, NoReturn, Protocol

from pypika_tortoise.enums import Order
from tortoise.contrib.postgres.fields import ArrayField, TSVectorField
from tortoise.fields import BinaryField, CharField, DecimalField, Field, JSONField, TextField, TimeField
from tortoise.fields.relational import BackwardFKRelation, ManyToManyFieldInstance, RelationalField
from tortoise.models import Model

MAX_CHARACTERS = 255  # of a text key: with every character escaped, two of them still fit into a cursor
MAX_DIGITS = 28  # Tortoise rounds in Python's default decimal context, which holds no more
ITEM = re.compile(r"(?P<minus>-?)(?P<name>\w+)(?: nulls (?P<nulls>first|last))?")


class KeyField(Protocol):
    """What the pager needs of a field. With the field's own type, mypy takes `Key.field` for a descriptor."""

    def to_python_value(self, value: Any, /) -> Any:
        """A model's value from a driver's or JSON's."""

    def to_db_value(self, value: Any, instance: Any, /) -> Any:
        """A driver's value from a model's; an error if it is out of the column's range."""


class OrderError(ValueError):
    """A list cannot be paged in this order; an error of the program, not of its client."""


class SortDirection(Enum):
    """What follows a key in ORDER BY."""

    ASC = "ASC"
    DESC = "DESC"
    ASC_FIRST = "ASC NULLS FIRST"
    ASC_LAST = "ASC NULLS LAST"
    DESC_FIRST = "DESC NULLS FIRST"
    DESC_LAST = "DESC NULLS LAST"


@dataclass(frozen=True, slots=True)
class Key:
    """One sort key.

    Attributes:
        name: As in a filter or an order: `created_at`, `author__name`.
        field: The column's field.
        descending, nulls_first: The direction.
        nullable: Whether a row may have no value.
        related: Whether the column is another table's.
        direction: In SQL. It says where NULLs go only where there can be any, so that plain indexes serve.
    """

    name: str
    field: KeyField
    descending: bool
    nulls_first: bool
    nullable: bool
    related: bool = attribute(init=False, compare=False)
    direction: SortDirection = attribute(init=False, compare=False)

    def __post_init__(self) -> None:
        # Attributes, since each page reads them for each key.
        way = "DESC" if self.descending else "ASC"
        nulls = f"_{'FIRST' if self.nulls_first else 'LAST'}" if self.nullable else ""
        object.__setattr__(self, "related", "__" in self.name)
        object.__setattr__(self, "direction", SortDirection[way + nulls])

    def flipped(self) -> "Key":
        """The same key in the opposite direction."""
        return replace(self, descending=not self.descending, nulls_first=not self.nulls_first)


def parse_order(model: type[Model], order_by: Sequence[str]) -> tuple[Key, ...]:
    """The keys of an order, the primary key last; items after the primary key cannot matter and are dropped.

    Args:
        model: The model of the rows; Tortoise must be initialised.
        order_by: Items, the most significant first; may be empty.

    Raises:
        OrderError: An item cannot be parsed, names no column, or one that cannot be a key: a to-many relation, JSON,
            binary, an array, time of day, unbounded text, a decimal of more than 28 digits.
    """
    return _keys(model, tuple(order_by))


@lru_cache(maxsize=1_000)
def _keys(model: type[Model], order_by: tuple[str, ...]) -> tuple[Key, ...]:
    keys: list[Key] = []
    for item in order_by:
        key = _key(model, item)
        if key.name in {other.name for other in keys}:
            _reject(model, item, "is repeated; name each key once")
        keys.append(key)
        if key.name == model._meta.pk_attr:
            return tuple(keys)
    sign = "-" if keys and keys[-1].descending else ""
    return (*keys, _key(model, f"{sign}{model._meta.pk_attr}"))


def related_order(model: type[Model]) -> list[tuple[str, Enum]]:
    """What related rows are sorted by, as pairs of a name and a direction: `Meta.ordering`, then the primary key."""
    meta = model._meta
    order: dict[str, Enum] = {}
    for given, direction in meta.ordering:
        name = meta.pk_attr if given == "pk" else given
        nullable = name in meta.fields_db_projection and meta.fields_map[name].null
        nulls = ("_FIRST" if direction is Order.desc else "_LAST") if nullable else ""
        order[name] = SortDirection[direction.value + nulls]
    return list({**order, meta.pk_attr: order.get(meta.pk_attr, SortDirection.ASC)}.items())


def _key(model: type[Model], item: str) -> Key:
    parts = ITEM.fullmatch(item)
    if parts is None:
        _reject(model, item, 'cannot be parsed; write "name", "-name" or "name nulls first"')
    name = model._meta.pk_attr if parts["name"] == "pk" else parts["name"]
    descending = bool(parts["minus"])
    nulls_first = parts["nulls"] == "first" if parts["nulls"] else descending
    field, nullable = _field(model, item, name)
    return Key(name, field, descending, nulls_first, nullable)


def _field(model: type[Model], item: str, name: str) -> tuple[Field[Any], bool]:
    *path, last = name.split("__")
    meta, nullable = model._meta, False
    for step in path:
        relation = meta.fields_map.get(step)
        if isinstance(relation, BackwardFKRelation | ManyToManyFieldInstance):
            _reject(model, item, f"goes through the to-many relation {step!r}, where a row has no single value")
        if not isinstance(relation, RelationalField):
            _reject(model, item, f"names no relation {step!r}")
        nullable |= relation.null
        meta = relation.related_model._meta
    field = meta.fields_map.get(last)
    if field is None:
        _reject(model, item, f"names no column; there are: {', '.join(sorted(meta.db_fields))}")
    if complaint := _complaint(field):
        _reject(model, item, complaint)
    return field, nullable or field.null


def _complaint(field: Field[Any]) -> str | None:
    match field:
        case RelationalField():
            return "is a relation; sort by a column of it, or by its key column"
        case JSONField() | BinaryField() | TimeField() | ArrayField() | TSVectorField():
            return f"is a {type(field).__name__}, which has no order that both databases share"
        case TextField():
            return "is text without a maximum length, which may not fit into a cursor; use a CharField"
        case CharField(max_length=length) if length > MAX_CHARACTERS:
            return f"may have {length} characters, and a cursor holds {MAX_CHARACTERS}"
        case DecimalField(max_digits=digits) if digits > MAX_DIGITS:
            return f"has {digits} digits, and decimals are exact up to {MAX_DIGITS}"
    return None


def _reject(model: type[Model], item: str, complaint: str) -> NoReturn:
    message = f"{model.__name__} cannot be sorted by {item!r}: it {complaint}."
    raise OrderError(message)
