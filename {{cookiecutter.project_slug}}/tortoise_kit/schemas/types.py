"""Types of values that both databases can store and a response can hold; anything else is a validation error."""

import base64
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    JsonValue,
    PlainSerializer,
    SecretStr,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

MICROSECOND = timedelta(microseconds=1)
DEPTH_MAX = 32  # levels of stored JSON: enough for any form, and safe for any reader's stack
JSON_SIZE_MAX = 65_536  # of stored JSON: the characters of its names and texts, and one for each value
BASE64_LENGTH_MAX = 87_384  # characters, for 64 KiB


def utf8_text(text: str) -> str:
    """Text without lone surrogates, which JSON's escapes can write and UTF-8 cannot encode."""
    try:
        text.encode()
    except UnicodeEncodeError:
        kind, message = "text_surrogate", "Text must not contain lone surrogates"
        raise PydanticCustomError(kind, message) from None  # the cause would show the text
    return text


def valid_text(text: str) -> str:
    """Text without lone surrogates, and without U+0000, which Postgres rejects."""
    if "\0" in text:
        kind, message = "text_nul", "Text must not contain the character U+0000"
        raise PydanticCustomError(kind, message)
    return utf8_text(text)


def valid_json[Value](value: Value, *, depth: int = DEPTH_MAX) -> Value:
    """JSON of valid text and of interoperable numbers (RFC 8259, section 6), of limited size and `depth`."""
    left: list[tuple[Any, int]] = [(value, depth)]
    room = JSON_SIZE_MAX
    while left:
        each, levels = left.pop()
        room -= 1 + (len(each) if isinstance(each, str) else 0)
        if room < 0:
            kind, message = "json_size", "It is too large"
            raise PydanticCustomError(kind, message)
        if isinstance(each, dict | list):
            if not levels:
                kind, message = "json_depth", "It is nested too deep"
                raise PydanticCustomError(kind, message)
            parts = each if isinstance(each, list) else [*each, *each.values()]
            left += [(part, levels - 1) for part in parts]
        elif isinstance(each, str):
            valid_text(each)
        elif isinstance(each, int | float) and not -(2**63) <= each < 2**63:  # NaN is not in any range
            kind, message = "json_number", "Numbers must be finite and fit into 64 bits"
            raise PydanticCustomError(kind, message)
    return value


def _secret(secret: SecretStr) -> SecretStr:
    utf8_text(secret.get_secret_value())
    return secret


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        kind, message = "datetime_range", "The instant must lie in the years 1 to 9999 in UTC"
        raise PydanticCustomError(kind, message) from error


def time_in_utc(value: time) -> time:
    """A time of day in UTC; one without an offset would be another time for each reader."""
    if value.utcoffset() is None:
        kind, message = "time_offset", "The time must have an offset, such as Z or +02:00"
        raise PydanticCustomError(kind, message)
    return datetime.combine(date(2000, 1, 2), value).astimezone(UTC).timetz()


def valid_duration(value: timedelta) -> timedelta:
    """A duration that 64 bits hold in microseconds, some 292 000 years."""
    if not -(2**63) <= value // MICROSECOND < 2**63:
        kind, message = "duration_range", "The duration must fit into 64 bits, in microseconds"
        raise PydanticCustomError(kind, message)
    return value


def valid_decimal(value: Decimal, *, digits: int, places: int) -> Decimal:
    """A decimal as its column stores it: with all its places, and without a negative zero."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent > digits:  # 0e9999 is zero, and an error of Postgres
        kind, message = "decimal_exponent", "The exponent is too large"
        raise PydanticCustomError(kind, message)
    stored = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=digits))
    return stored or abs(stored)


def without_negative_zero(value: float) -> float:
    """The same number: SQLite stores -0.0 as 0.0."""
    return value + 0.0


def _from_base64(value: Any) -> Any:
    """Bytes, from the text of a client; its spare bits must be zero, so that no value has two texts."""
    if not isinstance(value, str):
        return value
    if len(value) > BASE64_LENGTH_MAX:
        kind, message = "base64_length", "It must have at most {most} characters"
        raise PydanticCustomError(kind, message, {"most": BASE64_LENGTH_MAX})
    try:
        data = base64.b64decode(value, validate=True)
    except ValueError:
        data = None
    if data is None or base64.b64encode(data).decode() != value:
        kind, message = "base64", "It must be base64, with padding and without line breaks"
        raise PydanticCustomError(kind, message)
    return data


FROM_BASE64 = BeforeValidator(_from_base64)
_BASE64: dict[str, Any] = {"type": "string", "contentEncoding": "base64"}
_AS_BASE64 = PlainSerializer(lambda data: base64.b64encode(data).decode(), return_type=str, when_used="json")
TO_BASE64 = (_AS_BASE64, WithJsonSchema(_BASE64))
SENT_BASE64 = (_AS_BASE64, WithJsonSchema({**_BASE64, "maxLength": BASE64_LENGTH_MAX}))

Text = Annotated[str, AfterValidator(valid_text)]
"""Text that both databases can store and a response can hold."""

Secret = Annotated[SecretStr, AfterValidator(_secret)]
"""Text that no log and no error shows, such as a password. It may contain U+0000: store only its hash."""

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
"""A primary key, within the range of a 64-bit column."""

Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A timestamp with any offset, converted to UTC."""

JSONObject = Annotated[dict[str, JsonValue], AfterValidator(valid_json)]
"""A JSON object for a JSON column, of at most 65 536: the characters of its names and texts, and one for each value."""
