"""Limits that come from a column's type, as validators of its field."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, override

from tortoise.validators import Validator

from tortoise_kit.schemas.conversion import OutOfRange, is_storable

MICROSECOND = timedelta(microseconds=1)


class ColumnLimit(Validator):
    """A limit that comes from the column's type."""

    def fits(self, values: Sequence[Any]) -> bool:
        """Whether all these values fit; quicker than one by one. None of them is None."""
        raise NotImplementedError

    @override
    def __call__(self, value: Any) -> None:
        if value is not None and not self.fits([value]):
            message = f"the column cannot hold the value, {self}."
            raise OutOfRange(message)


class IntegerRange(ColumnLimit):
    """Integers, or durations in microseconds, from `low` to `high`."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def __str__(self) -> str:
        return f"which is not from {self.low} to {self.high}"

    @override
    def __call__(self, value: Any) -> None:
        if type(value) is not int or not self.low <= value <= self.high:
            super().__call__(value)

    @override
    def fits(self, values: Sequence[Any]) -> bool:
        numbers = [value // MICROSECOND if isinstance(value, timedelta) else value for value in values]
        return not numbers or (min(numbers) >= self.low and max(numbers) <= self.high)


class StorableText(ColumnLimit):
    """Text without U+0000 and lone surrogates."""

    def __str__(self) -> str:
        return "which has U+0000 or a lone surrogate"

    @override
    def fits(self, values: Sequence[Any]) -> bool:
        return is_storable("".join(values))
