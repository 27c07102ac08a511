"""Indexes that one database has and the other does without."""

from typing import override

from pypika_tortoise.terms import PseudoColumn
from tortoise.backends.base.schema_generator import BaseSchemaGenerator
from tortoise.contrib.postgres import indexes as upstream
from tortoise.models import Model


class GinIndex(upstream.GinIndex):
    """Postgres' index of what is inside of a value: `GinIndex('"attributes" jsonb_path_ops', name="idx_…")`.

    The expression is written as in SQL. SQLite has no such index, and reads the rows. Without `fastupdate`, which
    would gather new rows in a list that each search reads from its beginning to its end, until a VACUUM.
    """

    def __init__(self, expression: str, *, name: str) -> None:
        super().__init__(PseudoColumn(expression), name=name)
        self.extra = " WITH (fastupdate = off)"

    @property
    @override
    def field_names(self) -> list[str]:
        """As it is: Tortoise would put it into brackets, which a class of operators cannot stand in."""
        return [str(expression) for expression in self.expressions]

    @override
    def get_sql(self, schema_generator: BaseSchemaGenerator, model: type[Model], safe: bool) -> str:
        """Its CREATE INDEX, or nothing: Tortoise's own is a syntax error on SQLite."""
        if schema_generator.DIALECT != "postgres":
            return ""
        return super().get_sql(schema_generator, model, safe)
