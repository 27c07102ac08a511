"""Columns that mean the same on SQLite as on Postgres: moments that sort as they follow each other, exact decimals.

Use these where a model has a moment or a decimal; Postgres columns are those of Tortoise's own fields.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal, overload, override

from tortoise import fields
from tortoise.exceptions import ConfigurationError
from tortoise.models import Model

SQLITE_DIGITS = 15  # that a double keeps: IEEE 754 has 15.95 decimal digits


class UTCDatetimeField[Moment: (datetime, datetime | None)](fields.DatetimeField[Moment]):
    """A moment, stored in UTC to the microsecond.

    SQLite has it as text. Tortoise 1.1.9 writes and compares any offset as it is given, so `12:00+02:00` sorts behind
    `11:00+00:00`, and filters, sorts and pages are wrong.
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
        super().__init__(**options)  # type: ignore[misc]  # upstream types its own class alone

    @override
    def to_db_value(self, value: Any, instance: type[Model] | Model) -> Any:
        moment = super().to_db_value(value, instance)
        return moment.astimezone(UTC) if isinstance(moment, datetime) and moment.tzinfo else moment


class NumericField[Number: (Decimal, Decimal | None)](fields.DecimalField[Number]):
    """A decimal that SQLite has as a number, exact up to 15 digits.

    Tortoise 1.1.9 stores it as text there and casts it in each filter and order, so no index serves a range or a sort.

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
            message = f"max_digits={max_digits}: SQLite is exact up to {SQLITE_DIGITS}; use fewer or DecimalField."
            raise ConfigurationError(message)
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **options)  # type: ignore[misc]  # upstream types its own class alone

    class _db_sqlite:  # noqa: N801  # upstream's name for what differs on SQLite
        SQL_TYPE = "NUMERIC"
