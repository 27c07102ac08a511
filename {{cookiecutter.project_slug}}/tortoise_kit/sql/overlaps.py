"""The SQL that keeps rows with overlapping ranges out of a table: EXCLUDE on Postgres, triggers on SQLite.

A range goes from one column up to, but not including, another one: `[start, end)`. A missing start or end is
unbounded, an empty range overlaps nothing, and a missing value of `by` equals nothing, as in Postgres.
"""

import re
from dataclasses import dataclass

from tortoise.exceptions import ConfigurationError

from tortoise_kit.sql.parsing import quoted, text

RANGES = {
    "TIMESTAMPTZ": "tstzrange",
    "TIMESTAMP": "tsrange",
    "DATE": "daterange",
    "SMALLINT": "int4range",
    "INT": "int4range",
    "BIGINT": "int8range",
    "DECIMAL": "numrange",
}

OVERLAPS = (
    "({one}.{start} IS NULL OR {other}.{end} IS NULL OR {one}.{start} < {other}.{end}) AND "
    "({other}.{start} IS NULL OR {one}.{end} IS NULL OR {other}.{start} < {one}.{end}) AND "
    "ifnull({one}.{start} < {one}.{end}, 1) AND ifnull({other}.{start} < {other}.{end}, 1)"
)


@dataclass(frozen=True)
class Overlap:
    """Which rows of a table overlap.

    Attributes:
        table, key: The names of the table and of its primary key's column.
        start, end: Columns of the same type.
        by: Columns that are equal in rows that may not overlap.
        condition: SQL; rows without it overlap nothing. Empty for none.
    """

    table: str
    key: str
    start: str
    end: str
    by: list[str]
    condition: str

    def exclusion(self, sql_type: str) -> str:
        """What follows the constraint's name on Postgres.

        Raises:
            ConfigurationError: The columns' type has no ranges.
        """
        word = re.split(r"\W", sql_type.upper())[0]
        if word not in RANGES:
            message = f"{self.table}.{self.start} is {sql_type}, which has no ranges; these have: {', '.join(RANGES)}"
            raise ConfigurationError(message)
        keys = [f"{quoted(column)} WITH =" for column in self.by]
        keys.append(f"{RANGES[word]}({quoted(self.start)}, {quoted(self.end)}) WITH &&")
        where = f" WHERE ({self.condition})" if self.condition else ""
        return f"EXCLUDE USING gist ({', '.join(keys)}){where}"

    def triggers(self, name: str) -> dict[str, str]:
        """The statements that create SQLite's triggers, by name."""
        error = text(f"EXCLUSION constraint failed: {name}")
        body = f'WHEN EXISTS ({self._pairs()} WHERE "one".{quoted(self.key)} = NEW.{quoted(self.key)})'
        body += f" BEGIN SELECT RAISE(ABORT, {error}); END"
        events = {f"{name}_insert": "AFTER INSERT", f"{name}_update": "AFTER UPDATE"}
        table = quoted(self.table)
        return {one: f"CREATE TRIGGER {quoted(one)} {event} ON {table} {body}" for one, event in events.items()}

    def check(self, name: str) -> list[str]:
        """SQLite's statements that fail if rows of the table overlap, and change nothing."""
        table = quoted(f"{name}_rows")
        return [
            f'CREATE TABLE {table} ("overlaps" INT CONSTRAINT {quoted(name)} CHECK ("overlaps" = 0))',
            f"INSERT INTO {table} SELECT 1 WHERE EXISTS ({self._pairs()})",
            f"DROP TABLE {table}",
        ]

    def _pairs(self) -> str:
        """SELECT from the pairs of rows that overlap. It names base tables only, so that SQLite can rename columns."""
        same = [f'"one".{column} = "other".{column}' for column in map(quoted, self.by)]
        differ = f'"one".{quoted(self.key)} <> "other".{quoted(self.key)}'
        overlap = OVERLAPS.format(one='"one"', other='"other"', start=quoted(self.start), end=quoted(self.end))
        terms = [*same, differ, overlap, *(self._counts(row) for row in ("one", "other") if self.condition)]
        table = quoted(self.table)
        return f'SELECT 1 FROM {table} AS "one" JOIN {table} AS "other" ON {" AND ".join(terms)}'  # noqa: S608 - names from models

    def _counts(self, row: str) -> str:
        """That a row has the condition, whose columns have no table's name."""
        table, key = quoted(self.table), quoted(self.key)
        same = f"{table}.{key} = {quoted(row)}.{key}"
        return f"EXISTS (SELECT 1 FROM {table} WHERE {same} AND ({self.condition}))"  # noqa: S608 - names from models
