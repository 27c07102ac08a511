"""Columns that behave alike on Postgres and SQLite, where Tortoise's own do not.

On Postgres they are the columns of Tortoise's own fields.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal, overload, override

from tortoise import fields
from tortoise.exceptions import ConfigurationError, ValidationError
from tortoise.models import Model

from tortoise_kit.schemas.conversion import OutOfRange

SQLITE_DIGITS = 15  # that a double keeps: IEEE 754 has 15.95 decimal digits


class UTCDatetimeField[Timestamp: (datetime, datetime | None)](fields.DatetimeField[Timestamp]):
    """A timestamp, stored in UTC to the microsecond.

    On SQLite it is text. Tortoise 1.1.9 stores and compares the text with whatever offset a value has, so `12:00+02:00`
    sorts after `11:00+00:00`, and filters, sorts and pages are wrong.
    """

    @overload
    def __init__(
        self: "UTCDatetimeField[datetime]",
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
        null: Literal[False] = False,
        **options: Any,
    ) -> None: ...

    @overload
    def __init__(
        self: "UTCDatetimeField[datetime | None]",
        *,
        auto_now: bool = False,
        auto_now_add: bool = False,
        null: Literal[True],
        **options: Any,
    ) -> None: ...

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[misc]  # upstream types only its own class

    @override
    def to_db_value(self, value: Any, instance: type[Model] | Model) -> Any:
        stored = super().to_db_value(value, instance)
        try:
            return stored.astimezone(UTC) if isinstance(stored, datetime) and stored.tzinfo else stored
        except OverflowError as error:
            message = f"{self.model_field_name}: the timestamp is not in the years 1 to 9999 in UTC."
            raise ValidationError(message) from OutOfRange(error)


class NumericField[Number: (Decimal, Decimal | None)](fields.DecimalField[Number]):
    """A decimal that is a number on SQLite, too; exact up to 15 digits.

    Tortoise 1.1.9 stores text there and casts it in each filter and order, so no index serves a range or a sort.

    Raises:
        ConfigurationError: `max_digits` is above 15.
    """

    @overload
    def __init__(
        self: "NumericField[Decimal]",
        *,
        max_digits: int,
        decimal_places: int,
        null: Literal[False] = False,
        **options: Any,
    ) -> None: ...

    @overload
    def __init__(
        self: "NumericField[Decimal | None]",
        *,
        max_digits: int,
        decimal_places: int,
        null: Literal[True],
        **options: Any,
    ) -> None: ...

    def __init__(self, *, max_digits: int, decimal_places: int, **options: Any) -> None:
        if max_digits > SQLITE_DIGITS:
            message = (
                f"max_digits={max_digits}: SQLite is exact up to {SQLITE_DIGITS}; use fewer, an integer of the "
                "smallest unit, or DecimalField on Postgres only."
            )
            raise ConfigurationError(message)
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **options)  # type: ignore[misc]  # upstream types only its own class

    class _db_sqlite:  # noqa: N801  # upstream's name for what differs on SQLite
        SQL_TYPE = "NUMERIC"
