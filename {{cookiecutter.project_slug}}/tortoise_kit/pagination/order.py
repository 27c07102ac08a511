"""What a list is sorted by.

An order is a sequence of items such as `"-created_at"`, `"author__name"` or `"score nulls first"`. The primary key is
appended in the direction of the last item, so that one plain index `(created_at, id)` serves both directions and no two
rows share a place. NULL is the largest value on both databases, as in Postgres, unless an item says otherwise.

Neither Tortoise 1.1 nor its query builder can say NULLS FIRST or LAST (tortoise-orm issue 788); but the builder writes
the `value` of whatever enum it is given as a direction, so `Direction` has the missing ones.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Any, NoReturn, Protocol

from tortoise.fields import BinaryField, CharField, DecimalField, Field, JSONField, TextField, TimeField
from tortoise.fields.relational import BackwardFKRelation, ManyToManyFieldInstance, RelationalField
from tortoise.models import Model

MAX_CHARACTERS = 255  # of a text key: with every character escaped, two of them still fit into a cursor
MAX_DIGITS = 28  # Tortoise rounds in Python's default decimal context, which holds no more
ITEM = re.compile(r"(?P<minus>-?)(?P<name>\w+)(?: nulls (?P<nulls>first|last))?")

type AnyField = Field[Any]


class Column(Protocol):
    """What the pager asks of a field; by the field's own type, a checker takes the attribute for its descriptor."""

    def to_python_value(self, value: Any, /) -> Any:
        """A value as it is in a model, from one as a driver or JSON has it."""


class OrderError(ValueError):
    """An order that a list cannot be paged in; a fault of the program, not of its client."""


class Direction(Enum):
    """What stands behind a key in ORDER BY."""

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
        name: As in a filter or an order: `created_at`, `author__name`, or an annotation's name.
        field: What stores it; None for an annotation.
        descending, nulls_first: The direction it is walked in.
        nullable: Whether a row may have no value; always so for an annotation.
    """

    name: str
    field: Column | None
    descending: bool
    nulls_first: bool
    nullable: bool

    @property
    def related(self) -> bool:
        """Whether the value is another table's."""
        return self.field is not None and "__" in self.name

    @property
    def direction(self) -> Direction:
        """What to sort by; the place of NULLs is only said where there can be some, so that plain indexes serve."""
        way = "DESC" if self.descending else "ASC"
        return Direction[f"{way}_{'FIRST' if self.nulls_first else 'LAST'}"] if self.nullable else Direction[way]

    def flipped(self) -> "Key":
        """The same key, walked the other way."""
        return replace(self, descending=not self.descending, nulls_first=not self.nulls_first)


def keys_of(model: type[Model], order_by: Sequence[str], *, annotations: Collection[str] = ()) -> tuple[Key, ...]:
    """The keys of an order, the primary key last; items behind the primary key cannot matter and are dropped.

    Args:
        model: Whose rows are sorted; its relations must be wired.
        order_by: Items, the most significant first; may be empty.
        annotations: Names that the queryset adds to the model's.

    Raises:
        OrderError: An item is not understood, names nothing, or names what cannot be a key: a to-many relation, JSON,
            binary, time of day, unbounded text, a decimal of more than 28 digits.
    """
    return _keys(model, tuple(order_by), frozenset(annotations))


@lru_cache(maxsize=1_000)
def _keys(model: type[Model], order_by: tuple[str, ...], annotations: frozenset[str]) -> tuple[Key, ...]:
    keys: list[Key] = []
    for item in order_by:
        key = _key(model, item, annotations)
        if key.name in {other.name for other in keys}:
            _refuse(model, item, "comes twice; name each key once")
        keys.append(key)
        if key.name == model._meta.pk_attr:
            return tuple(keys)
    sign = "-" if keys and keys[-1].descending else ""
    return (*keys, _key(model, f"{sign}{model._meta.pk_attr}", ()))


def _key(model: type[Model], item: str, annotations: Collection[str]) -> Key:
    parts = ITEM.fullmatch(item)
    if parts is None:
        _refuse(model, item, 'is not understood; write "name", "-name" or "name nulls first"')
    name = model._meta.pk_attr if parts["name"] == "pk" else parts["name"]
    descending = bool(parts["minus"])
    nulls_first = parts["nulls"] == "first" if parts["nulls"] else descending
    if name in annotations:
        return Key(name, None, descending, nulls_first, nullable=True)
    field, nullable = _field(model, item, name)
    return Key(name, field, descending, nulls_first, nullable)


def _field(model: type[Model], item: str, name: str) -> tuple[AnyField, bool]:
    *path, last = name.split("__")
    meta, nullable = model._meta, False
    for step in path:
        relation = meta.fields_map.get(step)
        if isinstance(relation, BackwardFKRelation | ManyToManyFieldInstance):
            _refuse(model, item, f"goes through the to-many relation {step!r}, where a row has no single value")
        if not isinstance(relation, RelationalField):
            _refuse(model, item, f"names no relation {step!r}")
        nullable |= relation.null
        meta = relation.related_model._meta
    field = meta.fields_map.get(last)
    if field is None:
        _refuse(model, item, f"names no column; there are: {', '.join(sorted(meta.db_fields))}")
    if complaint := _complaint(field):
        _refuse(model, item, complaint)
    return field, nullable or field.null


def _complaint(field: AnyField) -> str | None:
    match field:
        case RelationalField():
            return "is a relation; sort by a column of it, or by its key column"
        case JSONField() | BinaryField() | TimeField():
            return f"is a {type(field).__name__}, which has no order that both databases share"
        case TextField():
            return "is text without a bound, which does not fit into a cursor; use a CharField"
        case CharField(max_length=length) if length > MAX_CHARACTERS:
            return f"may have {length} characters, a cursor holds {MAX_CHARACTERS}"
        case DecimalField(max_digits=digits) if digits > MAX_DIGITS:
            return f"has {digits} digits, decimals are exact up to {MAX_DIGITS}"
    return None


def _refuse(model: type[Model], item: str, complaint: str) -> NoReturn:
    message = f"{model.__name__} cannot be sorted by {item!r}: it {complaint}."
    raise OrderError(message)
