"""Conditions of a queryset that Tortoise has no lookup for: SQL of both databases, with one column and one value."""

from dataclasses import dataclass
from typing import Any, override

from pypika_tortoise.context import SqlContext
from pypika_tortoise.enums import Dialects
from pypika_tortoise.terms import Criterion, Term, ValueWrapper
from tortoise.expressions import Q, ResolveContext
from tortoise.models import Model
from tortoise.query_utils import QueryModifier

from tortoise_kit.sql.identifiers import qualified, quoted


@dataclass(frozen=True)
class DialectSQL:
    """A condition's SQL for each database, with `{column}` and then `{value}`, each once."""

    postgres: str
    sqlite: str


class SQLCondition(Q):
    """A condition on one column of the queryset's own model: `products.filter(SQLCondition("name", MATCHES, "lamp"))`.

    The value is a parameter, so nothing in it is SQL; the template is a constant of the program.

    Args:
        field: The column's field.
        template: The SQL.
        value: What stands for `{value}`.
        first: Find the rows by this condition before anything else: see `pagination.selectivity`. Nothing on SQLite.
    """

    def __init__(self, field: str, template: DialectSQL, value: str, *, first: bool = False) -> None:
        super().__init__()
        self.field = field
        self.template = template
        self.value = value
        self.first = first

    @override
    def __bool__(self) -> bool:
        return True  # one without filters of its own is taken for empty, and dropped

    @override
    def resolve(self, resolve_context: ResolveContext) -> QueryModifier:
        column = resolve_context.model._meta.fields_db_projection[self.field]
        template = _first(resolve_context.model, column, self.template) if self.first else self.template
        return QueryModifier(where_criterion=_Templated(resolve_context.table[column], template, self.value))


def _first(model: type[Model], column: str, template: DialectSQL) -> DialectSQL:
    """The same condition as one of keys, which Postgres finds before it reads anything else."""
    table, key = qualified(model._meta.schema, model._meta.db_table), quoted(model._meta.db_pk_column)
    condition = template.postgres.format(column=quoted(column), value="{value}")
    keys = f"SELECT {key} FROM {table} WHERE {condition}"  # noqa: S608  # names of models, and a template
    return DialectSQL(f"{table}.{key} = ANY (ARRAY({keys}))", template.sqlite)


class _Templated(Criterion):
    """The condition as a part of a statement."""

    def __init__(self, column: Term, template: DialectSQL, value: str) -> None:
        super().__init__()
        self.column = column
        self.template = template
        self.value = ValueWrapper(value)

    @override
    def nodes_(self) -> Any:
        yield self
        yield from self.column.nodes_()

    @override
    def get_sql(self, ctx: SqlContext) -> str:
        text = self.template.postgres if ctx.dialect is Dialects.POSTGRESQL else self.template.sqlite
        return text.format(column=self.column.get_sql(ctx), value=self.value.get_sql(ctx))
