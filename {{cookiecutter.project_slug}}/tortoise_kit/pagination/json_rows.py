"""Rows whose JSON is made by Postgres, as the keyset pager walks them."""

import json
from dataclasses import dataclass
from typing import Any, override

from tortoise import fields
from tortoise.queryset import QuerySet

from tortoise_kit.pagination.cursor import restored
from tortoise_kit.pagination.json_columns import column_json
from tortoise_kit.pagination.order import Key
from tortoise_kit.pagination.rows import Rows, hidden
from tortoise_kit.sql.compiled import Statement, statement_of
from tortoise_kit.sql.identifiers import quoted


@dataclass(frozen=True, slots=True)
class JSONRows(Rows):
    """Each row a record of its JSON (`item`), of its keys (`place`, a JSON array) and of its primary key (`pk`).

    Attributes:
        json: SQL of the JSON of a row called `"r"`.
    """

    json: str

    @override
    def values(self, row: Any) -> list[Any]:
        values = zip(self.codec.keys, json.loads(row["place"]), strict=True)
        return [restored(key.field, value) if key.field else value for key, value in values]

    @override
    async def finish(self, rows: list[Any]) -> None:
        """Relations are in the JSON already."""

    @override
    async def fetch(self, query: QuerySet[Any]) -> dict[Any, Any]:
        return await self.run(statement_of(query))

    @override
    async def run(self, statement: Statement) -> dict[Any, Any]:
        text, parameters = statement
        pk = quoted(self.queryset.model._meta.db_pk_column)
        places = ", ".join(_as_json(key, f'"r".{self._column(at, key)}') for at, key in enumerate(self.codec.keys))
        query = (
            f'SELECT {self.json}::text AS item, json_build_array({places})::text AS place, "r".{pk} AS pk '  # noqa: S608
            f'FROM ({text}) AS "r"'
        )
        _, rows = await self.queryset._choose_db().execute_query(query, parameters)
        return self.once({row["pk"]: row for row in rows}, of=len(rows))

    def _column(self, position: int, key: Key) -> str:
        if key.related:
            return quoted(hidden(position))
        return quoted(self.queryset.model._meta.fields_db_projection[key.name])


def _as_json(key: Key, column: str) -> str:
    """As a client sees it, but for decimals, which JSON's numbers would round, and floats that JSON does not have."""
    match key.field:
        case fields.DecimalField():
            return f"{column}::text"
        case fields.DatetimeField() | fields.DateField():
            return column_json(key.field, column)
        case _:
            return column
