"""Values and expressions that columns and annotations are compared with: of their kind, or an error that names both."""

from datetime import timedelta
from typing import Any

from pypika_tortoise.terms import Term
from tortoise import fields
from tortoise.exceptions import FieldError, ValidationError
from tortoise.models import Model

from tortoise_kit.schemas.conversion import CONVERSIONS, OutOfRange, is_storable, require_number
from tortoise_kit.schemas.expression_types import COLUMN_KINDS, Type, constant_type, is_of_both
from tortoise_kit.schemas.sqlite_functions import DATE_PARTS

TEXT_LOOKUPS = frozenset(
    f"{prefix}{name}" for prefix in ("", "i") for name in ("contains", "startswith", "endswith")
) | {
    "iexact",
    "posix_regex",
    "iposix_regex",
    "search",
}
_PARTS = {"timestamp": DATE_PARTS, "date": DATE_PARTS[:5], "time": DATE_PARTS[5:]} | dict.fromkeys(
    ("number", "text", "boolean", "duration", "uuid", "json", "binary"), ()
)
_READ = {kind: CONVERSIONS[field] for field, kind in COLUMN_KINDS if field in CONVERSIONS}
MICROSECOND = timedelta(microseconds=1)


def require_kind(place: str, found: Type, expected: Type, *others: str) -> None:
    """Raise FieldError for an expression of another kind than is expected, or one of `others`."""
    if found.kind and expected.kind and found.kind not in {expected.kind, *others}:
        message = f"{place} has values of the kind {expected.kind}, and the expression is a {found.kind}."
        raise FieldError(message)


def searched(place: str, found: Type, value: Any) -> str:
    """A text to search for; SQLite would search for what is before U+0000.

    Raises:
        FieldError: It is searched in what both databases write as different texts, such as timestamps.
        ValidationError: It is no text that both databases have.
    """
    if found.kind not in {"text", "uuid", None} and not isinstance(found.field, fields.IntField):
        message = f"{place} searches a text, and {found.kind} values have another text on each database."
        raise FieldError(message)
    text = str(value)
    if not is_storable(text):
        message = f"{place}: the text has U+0000 or a lone surrogate, which no column can hold."
        raise ValidationError(message)
    return text


def part_of(place: str, found: Type, part: str, value: Any) -> int:
    """A part of a timestamp, date or time to compare with, such as its year.

    Raises:
        FieldError: The values have no such part.
        ValidationError: It is no integer of up to 64 bits.
    """
    if found.kind and part not in _PARTS.get(found.kind, DATE_PARTS):
        message = f"{place}: {found.kind} values have no {part}."
        raise FieldError(message)
    if isinstance(value, bool) or not isinstance(value, int) or not is_of_both(value):
        message = f"{place}: the value, of type {type(value).__name__}, is no integer."
        raise ValidationError(message)
    return value


def compared_with(name: str, found: Type, value: Any, model: type[Model]) -> Any:
    """A value that an annotation is compared with, as the driver takes it.

    Raises:
        ValidationError: It is of another kind.
    """
    if value is None or isinstance(value, Term):
        return value
    if found.field is not None:
        return found.field.to_db_value(value, model)
    try:
        return _of_kind(found.kind, value)
    except (OutOfRange, TypeError, ValueError) as error:
        message = f"{name}: the value, of type {type(value).__name__}, is no {found.kind}."
        raise ValidationError(message) from error


def _of_kind(kind: str | None, value: Any) -> Any:
    if kind in _READ:
        read = _READ[kind](value)
        return read // MICROSECOND if kind == "duration" else str(read) if kind == "uuid" else read
    if kind == "number":
        require_number(value)
    if kind in {"number", "text"} and constant_type(value).kind != kind:
        raise TypeError
    return value
