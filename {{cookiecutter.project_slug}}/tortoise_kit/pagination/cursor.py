"""Cursors: a place in a list as an opaque text that only this service can create.

A cursor is `base64url(HMAC-SHA256(key, list + body)[:16] + body)`. Its body is a digit, the bound, and the place's
values as JSON. The signature covers the list (model, keys, directions, filters): a cursor of another list or filter is
rejected before any SQL, and no forged value reaches a driver. It is not encryption: sort by what the client may see.
"""

import base64
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum, IntEnum
from functools import lru_cache
from types import NoneType
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from tortoise.fields import DatetimeField

from tortoise_kit.pagination.order import Key, KeyField

MAX_LENGTH = 4_096  # characters; a whole query string is at most 8 kB
BASE64URL = re.compile(r"[A-Za-z0-9_-]+")  # RFC 4648, section 5, without padding
LONGEST_CACHED = 1_200  # characters of a list's name, which has a client's filters
SIGNATURE_LENGTH = 16  # bytes: 128 bits, as RFC 2104 (5) allows


class InvalidCursor(ValueError):
    """This service did not create the cursor, or it did for another list, order or filter."""


class Bound(IntEnum):
    """Which side of its place a cursor leads to."""

    AFTER = 0
    BEFORE = 1
    FROM = 2  # AFTER, with the row at the place: a cursor of an empty page
    UP_TO = 3  # BEFORE, with the row at the place

    @property
    def backwards(self) -> bool:
        """Whether the rows come before the place."""
        return self in {Bound.BEFORE, Bound.UP_TO}

    @property
    def inclusive(self) -> bool:
        """Whether the row at the place is one of them."""
        return self in {Bound.FROM, Bound.UP_TO}

    @property
    def including(self) -> "Bound":
        """The same side, with the row at the place."""
        return Bound.UP_TO if self.backwards else Bound.FROM


@dataclass(frozen=True, slots=True)
class Place:
    """A value for each key, and the values as JSON: these compare equal even if one is NaN."""

    values: tuple[Any, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a cursor holds."""

    bound: Bound
    place: Place


@dataclass(frozen=True)
class Codec:
    """Encodes and decodes the cursors of one list in one order.

    Args:
        keys: The keys of the order.
        name: The list's name: what its cursors are bound to, such as model and filters.
        secrets: Keys of the signature, 32 bytes each: the first signs, all are accepted, so that they can be rotated.
    """

    keys: tuple[Key, ...]
    name: tuple[str, ...]
    secrets: Sequence[bytes]

    def place(self, values: Sequence[Any]) -> Place:
        """The place of a row, from the values of its keys."""
        return Place(tuple(values), to_json([_plain(value) for value in values], inf_nan_mode="constants").decode())

    def encode(self, anchor: Anchor) -> str:
        """The cursor of an anchor.

        Raises:
            ValueError: The cursor would be longer than 4 096 characters.
        """
        body = f"{anchor.bound:d}{anchor.place.text}".encode()
        cursor = _text(self._signature(self.secrets[0], body) + body)
        if len(cursor) > MAX_LENGTH:
            message = f"A cursor of {len(cursor)} characters exceeds {MAX_LENGTH}: sort by shorter columns."
            raise ValueError(message)
        return cursor

    def decode(self, cursor: str) -> Anchor:
        """The anchor of a cursor.

        Raises:
            InvalidCursor: It was not created by `encode` for this list, with one of these secrets.
        """
        signed = _bytes(cursor)
        signature, body = signed[:SIGNATURE_LENGTH], signed[SIGNATURE_LENGTH:]
        if not any(hmac.compare_digest(signature, self._signature(secret, body)) for secret in self.secrets):
            raise InvalidCursor
        bound, text = Bound(int(body[:1])), body[1:].decode()
        try:
            values = self.values(text)
        except (ValueError, TypeError, InvalidOperation) as error:  # a column that changed since
            raise InvalidCursor from error
        return Anchor(bound, Place(tuple(values), text))

    def values(self, text: str) -> list[Any]:
        """The keys' values, from a JSON array of them."""
        return [from_json(key.field, plain) for key, plain in zip(self.keys, json.loads(text), strict=True)]

    def _signature(self, secret: bytes, body: bytes) -> bytes:
        is_short = sum(map(len, self.name)) <= LONGEST_CACHED
        name = (_cached_list_name if is_short else _list_name)(self.name, self.keys)
        return hmac.digest(secret, name + b"\0" + body, "sha256")[:SIGNATURE_LENGTH]


def _list_name(name: tuple[str, ...], keys: tuple[Key, ...]) -> bytes:
    """All that a cursor is bound to."""
    order = [[key.name, key.direction.value, type(key.field).__name__] for key in keys]
    return json.dumps([name, order]).encode()  # escaped to ASCII, so no client's text can end it early


_cached_list_name = lru_cache(maxsize=1_000)(_list_name)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    if len(text) > MAX_LENGTH or not BASE64URL.fullmatch(text):
        raise InvalidCursor
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise InvalidCursor from error
    if _text(data) != text:  # spare bits would be other spellings
        raise InvalidCursor
    return data


def _plain(value: Any) -> Any:
    if type(value) in {int, str, NoneType}:  # most keys; what is derived from them, such as an enum, comes below
        return value
    match value:
        case Enum():
            return _plain(value.value)
        case Decimal() | UUID():
            return str(value)
        case date():
            return (value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value).isoformat()
        case timedelta():
            return value // timedelta(microseconds=1)
    return value


def from_json(field: KeyField, plain: Any) -> Any:
    """A column's value, from JSON; None is NULL."""
    if plain is None:
        return None
    # Tortoise's own parser of timestamps takes as long as all the rest of a cursor.
    is_timestamp = isinstance(plain, str) and isinstance(field, DatetimeField)
    return field.to_python_value(datetime.fromisoformat(plain) if is_timestamp else plain)
