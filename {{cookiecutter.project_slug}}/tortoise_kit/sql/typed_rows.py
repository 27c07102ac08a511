"""Rows of reports as Pydantic models: of querysets that group, and of SQL written by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from string import Formatter
from typing import Any, LiteralString, get_args, overload

from pydantic import BaseModel
from tortoise.models import Model
from tortoise.queryset import QuerySet, ValuesQuery

from tortoise_kit.sql.compiled import compiled
from tortoise_kit.sql.identifiers import reading_client
from tortoise_kit.sql.parsing import renumbered
from tortoise_kit.upstream.aiosqlite import compared


@dataclass(frozen=True)
class ByDialect:
    """A piece of SQL that the two databases write differently: see `fetch_as`."""

    postgres: LiteralString
    sqlite: LiteralString


@overload
async def fetch_as[Row: BaseModel](row: type[Row], query: ValuesQuery[Any], /) -> list[Row]: ...


@overload
async def fetch_as[Row: BaseModel](
    row: type[Row], query: LiteralString, /, *, model: type[Model], **parameters: Any
) -> list[Row]: ...


async def fetch_as[Row: BaseModel](
    row: type[Row], query: Any, /, *, model: type[Model] | None = None, **parameters: Any
) -> list[Row]:
    """The rows of a query, each validated as `row`, which names its columns.

    The query is `queryset.values(…)`, or SQL whose `{name}` are keyword arguments:

        SALES = "SELECT {month} AS month, COUNT(*) AS orders FROM {orders} AS o GROUP BY 1 ORDER BY 1 LIMIT {limit}"
        MONTH = ByDialect(postgres="to_char(o.created_at, 'YYYY-MM')", sqlite="substr(o.created_at, 1, 7)")

        await fetch_as(Sale, SALES, model=Order, month=MONTH, orders=Order.filter(status="paid"), limit=12)

    A queryset becomes a subquery, `ByDialect` the SQL for the database, and anything else a parameter. The SQL is a
    constant of the program; write `{{` for a brace.

    Args:
        row: A Pydantic model.
        query: The query.
        model: With SQL: whose connection to read from.
        parameters: With SQL: a value for each name.

    Raises:
        ValueError: A name has no value, or a value is not named.
        ValidationError: A row does not fit `row`.
    """
    found = await query if model is None else await _rows(query, model, parameters)
    durations = [name for name, field in row.model_fields.items() if timedelta in _types(field.annotation)]
    return [row.model_validate(_with_durations(each, durations)) for each in found]


def _types(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) or (annotation,)


def _with_durations(row: Mapping[str, Any], names: Sequence[str]) -> Mapping[str, Any]:
    """A column of durations holds microseconds, and Pydantic would read seconds."""
    given = {name: row[name] for name in names if isinstance(row.get(name), int | Decimal)}
    return {**row, **{name: timedelta(microseconds=int(value)) for name, value in given.items()}} if given else row


async def _rows(sql: str, model: type[Model], parameters: dict[str, Any]) -> list[dict[str, Any]]:
    db = reading_client(model)
    parts = list(Formatter().parse(sql))
    if odd := {name for _, name, _, _ in parts if name is not None} ^ parameters.keys():
        message = f"The SQL and its parameters differ in {', '.join(sorted(odd))}."
        raise ValueError(message)
    text, values = "", list[Any]()
    for literal, name, _, _ in parts:
        text += literal
        if name is not None:
            piece, more = _piece(parameters[name], db.capabilities.dialect, len(values) + 1)
            text += piece
            values += more
    return list(await db.execute_query_dict(text, values))


def _piece(value: Any, dialect: str, number: int) -> tuple[str, list[Any]]:
    """The SQL of one parameter, whose first value is the `number`th of the statement, and its values."""
    if isinstance(value, ByDialect):
        return (value.postgres if dialect == "postgres" else value.sqlite), []
    if isinstance(value, QuerySet):
        query = compiled(value)
        return f"({renumbered(query.text, number - 1)})", query.parameters
    return (f"${number}", [value]) if dialect == "postgres" else ("?", [compared(value)])
