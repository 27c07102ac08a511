"""Tortoise's expressions, which the kit writes in its own way, as read in Tortoise 1.1.9.

Tortoise writes `F("price") / 4` as an operator between whatever two terms there are, and the constants of `Case` as
parameters without a type, and rounds an average to the type of its column. None has a hook, so they are replaced.
"""

import operator
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pypika_tortoise.functions import Cast
from pypika_tortoise.terms import Term
from tortoise.exceptions import FieldError
from tortoise.expressions import Case, CombinedExpression, Expression, F, Q, ResolveContext, ResolveResult, Value
from tortoise.fields import TimeDeltaField
from tortoise.fields.base import Field
from tortoise.functions import Avg, Coalesce, Sum
from tortoise.query_utils import QueryModifier


@dataclass(frozen=True, kw_only=True)
class Operand:
    """One side of an operation.

    Attributes:
        term: Its SQL.
        field: The field that it is computed from; None for a constant, a JSON path, or a function.
        is_constant: Whether it is a value of Python.
        value: The constant.
    """

    term: Term
    field: Any  # a `Field`, which type checkers take for a descriptor
    is_constant: bool
    value: Any = None


type Write = Callable[[str, Operand, Operand, str], Term]
"""The SQL of an operation: given the name of a function of `operator`, both sides, and the dialect."""


def write_operations(write: Write) -> None:
    """Let all operations between expressions be written by a function."""

    def resolve(self: CombinedExpression, resolve_context: ResolveContext) -> ResolveResult:
        context = resolve_context
        sides = [_without_enum(self.left), _without_enum(self.right)]
        left, right = (each.resolve(context) for each in sides)
        fields = [_field(sides[0], left, context), _field(sides[1], right, context)]
        if fields[0] and fields[1] and type(fields[0]) is not type(fields[1]):
            message = "Cannot use arithmetic expression between different field type"  # as upstream
            raise FieldError(message)
        operands = [
            Operand(
                term=found.term, field=field, is_constant=isinstance(each, Value), value=getattr(each, "value", None)
            )
            for each, found, field in zip(sides, (left, right), fields, strict=True)
        ]
        dialect = _dialect(context)
        term = write(self.connector.value, operands[0], operands[1], dialect)
        joins = list(set(left.joins + right.joins))
        return ResolveResult(term=term, joins=joins, output_field=fields[1] or fields[0])

    CombinedExpression.resolve = resolve  # type: ignore[method-assign]


def _without_enum(side: Expression) -> Expression:
    """A member as its value: pypika writes a member into the text, where it has another type than a parameter."""
    return Value(side.value.value) if isinstance(side, Value) and isinstance(side.value, Enum) else side


def _dialect(context: ResolveContext) -> str:
    model: Any = context.model
    dialect: str = model._meta.db.capabilities.dialect
    return dialect


def apply(connector: str, left: Term, right: Term) -> Term:
    """The operator between two terms."""
    term: Term = getattr(operator, connector)(left, right)
    return term


def _field(expression: Expression, found: ResolveResult, context: ResolveContext) -> Field[Any] | None:
    """What an expression is computed from; an annotation's, too, which upstream does not look at."""
    if isinstance(expression, F) and isinstance(named := context.annotations.get(expression.name), Expression):
        found = named.resolve(context)
    result: Any = found  # a field is a descriptor to type checkers
    field: Field[Any] | None = result.output_field
    return field


def write_constants(write: Callable[[Sequence[Any], str], list[Term]]) -> None:
    """Let the constants of a `Case` or a `Coalesce` be written by a function of all of them and the dialect."""
    for kind in (Case, Coalesce):
        if not hasattr(kind, "is_written"):
            _write_branches(kind, write)


def _write_branches(kind: Any, write: Callable[[Sequence[Any], str], list[Term]]) -> None:
    resolve = kind.resolve

    def written(self: Any, resolve_context: ResolveContext) -> ResolveResult:
        given = branches(self)
        places = [at for at, each in enumerate(given) if is_constant(each) and each is not None]
        terms = write([given[at] for at in places], _dialect(resolve_context))
        for at, term in zip(places, terms, strict=True):
            given[at] = _Written(term)
        result: ResolveResult = resolve(with_branches(self, given), resolve_context)
        return result

    kind.resolve = written
    kind.is_written = True


def is_constant(part: object) -> bool:
    """Whether a part of an expression is a value of Python."""
    return not isinstance(part, Expression | Term)


def branches(expression: Any) -> list[Any]:
    """What the value of a `Case` or a `Coalesce` is one of: expressions and constants; others are their own."""
    match expression:
        case Case():
            return [*(each.then for each in expression.args), expression.default]
        case Coalesce():
            first = expression.field
            return [F(first) if isinstance(first, str) else first, *expression.default_values]
    return [expression]


def with_branches(expression: Any, parts: Sequence[Any]) -> Any:
    """The `Case` or the `Coalesce` with other branches."""
    if isinstance(expression, Coalesce):
        return _with(expression, field=parts[0], default_values=tuple(parts[1:]))
    *thens, default = parts
    whens = tuple(_with(each, then=then) for each, then in zip(expression.args, thens, strict=True))
    return _with(expression, args=whens, default=default)


def keep_results() -> None:
    """Let `Avg` return what the database computed, and `Sum` of durations a duration.

    Upstream converts an average to the type of the column: 0.75 becomes 0. Postgres adds up BIGINT as NUMERIC, which
    upstream's field of durations does not read.
    """
    Avg.populate_field_object = False
    if hasattr(Sum, "is_cast"):
        return
    resolve = Sum.resolve

    def cast(self: Sum, resolve_context: ResolveContext) -> ResolveResult:
        result = resolve(self, resolve_context)
        if isinstance(self.field_object, TimeDeltaField):
            result.term = Cast(result.term, "BIGINT")
        return result

    Sum.resolve = cast  # type: ignore[method-assign, assignment]
    Sum.is_cast = True  # type: ignore[attr-defined]


def convert_compared(convert: Callable[..., Any]) -> None:
    """Let what annotations are compared with be converted; columns have fields for that.

    Args:
        convert: Returns what is sent for a value, given the annotation's name, the filter's, the value, the context of
            the query and the dialect.
    """
    if hasattr(Q, "is_converted"):
        return
    resolve = Q._resolve_custom_kwarg

    def converted(self: Q, resolve_context: ResolveContext, key: str, value: Any, table: Any) -> QueryModifier:
        dialect, many = _dialect(resolve_context), key.endswith(("__in", "__not_in", "__range"))
        name = resolve_context.custom_filters[key]["field"]
        values = [convert(name, key, each, resolve_context, dialect) for each in (value if many else [value])]
        return resolve(self, resolve_context, key, values if many else values[0], table)

    Q._resolve_custom_kwarg = converted  # type: ignore[method-assign]
    Q.is_converted = True  # type: ignore[attr-defined]


class _Written(Expression):
    def __init__(self, term: Term) -> None:
        self.term = term

    def resolve(self, resolve_context: ResolveContext) -> ResolveResult:  # noqa: ARG002 -- upstream's signature
        return ResolveResult(term=self.term)


def _with[E: Expression](expression: E, **changes: Any) -> E:
    copied = copy(expression)
    for name, value in changes.items():
        setattr(copied, name, value)
    return copied
