"""The validators of a field as limits of its schemas: constraints where OpenAPI has a word for them, else checks."""

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from tortoise.exceptions import ValidationError
from tortoise.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
    RegexValidator,
)

from tortoise_kit.schemas.column_limits import ColumnLimit

type Constraints = dict[str, Any]

NUMBERS = {int, float, Decimal}
NOT_OF_ECMA = re.compile(r"\(\?(?![:=!])|\\[AZ]")  # what JSON Schema's patterns do not have: named groups, \\Z


def constraints_of(validator: Any, kind: Any) -> Constraints:
    """A validator of values of this type as Pydantic's constraints; empty if it is not one of them."""
    match validator:
        case MinValueValidator() if kind in NUMBERS:
            return {"ge": _number(kind, validator.min_value)}
        case MaxValueValidator() if kind in NUMBERS:
            return {"le": _number(kind, validator.max_value)}
        case MinLengthValidator() if kind is str:
            return {"min_length": validator.min_length}
        case MaxLengthValidator() if kind is str:
            return {"max_length": validator.max_length}
    return {}


def _number(kind: Any, limit: Any) -> Any:
    return Decimal(str(limit)) if kind is Decimal else limit


def tighten(constraints: Constraints, limits: Constraints) -> None:
    """Let the narrower limit of each kind hold."""
    for name, limit in limits.items():
        narrower = max if name in {"ge", "min_length"} else min
        constraints[name] = narrower(constraints.get(name, limit), limit)


def all_pass(validators: Iterable[Any], values: Iterable[Any]) -> bool:
    """Whether all validators pass all values but None, as far as they can be asked for all values at once."""
    present = [value for value in values if value is not None]
    return not present or all(_passes(validator, present) for validator in validators)


def _passes(validator: Any, values: list[Any]) -> bool:
    match validator:
        case MaxLengthValidator():
            return len(max(values, key=len)) <= validator.max_length
        case MinValueValidator():
            return bool(min(values) >= validator.min_value)
        case MaxValueValidator():
            return bool(max(values) <= validator.max_value)
        case ColumnLimit():
            return validator.fits(values)
    return False


def checks_of(validator: Any) -> list[Any]:
    """Any validator, a function too, as annotations; their errors do not repeat the value."""

    def check(value: Any) -> Any:
        try:
            validator(value.value if isinstance(value, Enum) else value)
        except (ValidationError, ValueError, TypeError, AssertionError):
            kind, message = "column_validator", "The value breaks a rule of this field"
            raise PydanticCustomError(kind, message) from None  # the cause would show the value
        return value

    return [AfterValidator(check), *_pattern(validator)]


def _pattern(validator: Any) -> list[Any]:
    """A regular expression, for OpenAPI; Tortoise matches it from the start of the text."""
    if not isinstance(validator, RegexValidator):
        return []
    pattern, flags = validator.regex.pattern, validator.regex.flags
    if flags & ~re.UNICODE or NOT_OF_ECMA.search(pattern):
        return []
    return [Field(json_schema_extra={"pattern": f"^(?:{pattern})"})]
