"""SQL of inserts, for tables and columns whose names come from models, never from a request."""

from collections.abc import Iterable

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

from tortoise_kit.sql.parsing import quoted
from tortoise_kit.upstream.tortoise import read_connection, write_connection


def insert_into(table: str, columns: Iterable[str], values: str) -> str:
    """An INSERT of one or more rows, with `values` such as `($1, $2)`."""
    return f"INSERT INTO {table} ({column_list(columns)}) VALUES {values}"  # noqa: S608  # names of models and fields


def parameter_marks(db: BaseDBAsyncClient, count: int) -> str:
    """The parameters of one row in parentheses: `($1, $2)` on Postgres, `(?, ?)` on SQLite."""
    numbered = db.capabilities.dialect == "postgres"
    return f"({', '.join(f'${number}' if numbered else '?' for number in range(1, count + 1))})"


def qualified(schema: str | None, table: str) -> str:
    """The table's quoted name, with its schema if it has one."""
    return f"{quoted(schema)}.{quoted(table)}" if schema else quoted(table)


def column_list(names: Iterable[str]) -> str:
    """The quoted names, separated by commas."""
    return ", ".join(map(quoted, names))


def writing_connection(model: type[Model]) -> str:
    """The name of the connection that the model is written to."""
    return write_connection(model).connection_name


def reading_client(model: type[Model]) -> BaseDBAsyncClient:
    """The client for SQL that reads a model's table.

    It is the replica's if there is one, and inside a transaction the transaction's.
    """
    return read_connection(model)
