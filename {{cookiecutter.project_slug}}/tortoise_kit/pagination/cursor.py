"""A place in a list as an opaque text that only this service can have made.

`base64url(HMAC-SHA256(key, list + body)[:16] + body)`, where body is a digit, how the place is meant, and its values
in JSON.
The signature covers the list (model, keys, directions, filters), so a cursor of another list or filter is refused
before any SQL, and no forged value reaches a driver. It is not encryption: sort by what the client may see.
"""

import base64
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum, IntEnum
from functools import lru_cache
from types import NoneType
from typing import Any
from uuid import UUID

from tortoise.fields import DatetimeField

from tortoise_kit.pagination.order import Column, Key

MAX_LENGTH = 4_096  # characters; a whole query string is at most 8 kB
TAG_LENGTH = 16  # bytes of the signature: 128 bits, as RFC 2104 (5) allows

_as_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode

# An annotation has no field that restores its type, so its values carry a tag. A driver's types, no others.
TAGS: dict[str, Callable[[str], Any]] = {
    "decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "uuid": UUID,
}


class InvalidCursor(ValueError):
    """A cursor that this service did not make, or made for another list, order or filter."""


class Meaning(IntEnum):
    """Which rows a cursor stands for."""

    AFTER = 0
    BEFORE = 1
    FROM = 2  # as AFTER and BEFORE, and the row at the place itself:
    UP_TO = 3  # the ways on from an empty page

    @property
    def backwards(self) -> bool:
        """Whether the rows lie before the place."""
        return self in {Meaning.BEFORE, Meaning.UP_TO}

    @property
    def inclusive(self) -> bool:
        """Whether the row at the place is one of them."""
        return self in {Meaning.FROM, Meaning.UP_TO}

    @property
    def including(self) -> "Meaning":
        """The same direction, with the row at the place."""
        return Meaning.UP_TO if self.backwards else Meaning.FROM


@dataclass(frozen=True, slots=True)
class Place:
    """A value for each key; as JSON it tells whether a row is the anchor, since a NaN does not equal itself."""

    values: tuple[Any, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a cursor says."""

    meaning: Meaning
    place: Place


@dataclass(frozen=True)
class Codec:
    """Cursors of one list in one order.

    Args:
        keys: Of the order.
        name: Of the list: what else its cursors are bound to, such as model and filters.
        secrets: Keys of the signature, 32 bytes each: the first signs, any is accepted, so that they can be rotated.
    """

    keys: tuple[Key, ...]
    name: tuple[str, ...]
    secrets: Sequence[bytes]

    def place(self, values: Sequence[Any]) -> Place:
        """The place of a row, from the values of its keys."""
        plain = [_plain(value, tag=key.field is None) for key, value in zip(self.keys, values, strict=True)]
        return Place(tuple(values), _as_json(plain))

    def encode(self, anchor: Anchor) -> str:
        """A cursor.

        Raises:
            ValueError: The values are longer than a cursor may be.
        """
        body = f"{anchor.meaning:d}{anchor.place.text}".encode()
        cursor = _text(self._tag(self.secrets[0], body) + body)
        if len(cursor) > MAX_LENGTH:
            message = f"A cursor of {len(cursor)} characters exceeds {MAX_LENGTH}: sort by shorter columns."
            raise ValueError(message)
        return cursor

    def decode(self, cursor: str) -> Anchor:
        """What `encode` was given.

        Raises:
            InvalidCursor: It was not made by `encode` of this list, with one of these secrets.
        """
        tagged = _bytes(cursor)
        tag, body = tagged[:TAG_LENGTH], tagged[TAG_LENGTH:]
        if not any(hmac.compare_digest(tag, self._tag(secret, body)) for secret in self.secrets):
            raise InvalidCursor
        meaning, text = Meaning(int(body[:1])), body[1:].decode()
        try:
            values = [_value(key, plain) for key, plain in zip(self.keys, json.loads(text), strict=True)]
        except (ValueError, TypeError, InvalidOperation) as error:  # a column that changed since
            raise InvalidCursor from error
        return Anchor(meaning, Place(tuple(values), text))

    def _tag(self, secret: bytes, body: bytes) -> bytes:
        return hmac.digest(secret, _list(self.name, self.keys) + b"\0" + body, "sha256")[:TAG_LENGTH]


@lru_cache(maxsize=1_000)
def _list(name: tuple[str, ...], keys: tuple[Key, ...]) -> bytes:
    """What a cursor is bound to."""
    order = [[key.name, key.direction.value, type(key.field).__name__] for key in keys]
    return json.dumps([name, order]).encode()  # escaped to ASCII, so no client's text can end it early


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    if not text or len(text) > MAX_LENGTH or not text.isascii():
        raise InvalidCursor
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except ValueError as error:
        raise InvalidCursor from error
    if _text(data) != text:  # spare bits and padding are no second spelling
        raise InvalidCursor
    return data


def _plain(value: Any, *, tag: bool) -> Any:
    if type(value) in {int, str, NoneType}:  # most keys; what is derived from them, such as an enum, comes below
        return value
    match value:
        case Enum():
            return _plain(value.value, tag=tag)
        case Decimal():
            name, text = "decimal", str(value)
        case datetime():
            name, text = "datetime", (value.astimezone(UTC) if value.tzinfo else value).isoformat()
        case date():
            name, text = "date", value.isoformat()
        case UUID():
            name, text = "uuid", str(value)
        case timedelta():
            return value // timedelta(microseconds=1)
        case _:
            return value
    return [name, text] if tag else text


def restored(field: Column, plain: Any) -> Any:
    """A column's value from what JSON has of it; None is NULL."""
    if plain is None:
        return None
    # Tortoise's own reading of a moment takes as long as all the rest of a cursor.
    moment = isinstance(plain, str) and isinstance(field, DatetimeField)
    return field.to_python_value(datetime.fromisoformat(plain) if moment else plain)


def _value(key: Key, plain: Any) -> Any:
    if key.field is not None:
        return restored(key.field, plain)
    if isinstance(plain, list):
        name, text = plain
        return TAGS[name](text)
    return plain
