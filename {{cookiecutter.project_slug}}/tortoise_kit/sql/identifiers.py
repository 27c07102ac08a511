"""The text of inserts, for tables and columns whose names come from models, never from a request."""

from collections.abc import Iterable

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

from tortoise_kit.sql import parsing as sql_text


def insert_into(table: str, columns: Iterable[str], marks: str) -> str:
    """An insert of one or more rows, whose parameters are `marks`."""
    return f"INSERT INTO {table} ({quoted(*columns)}) VALUES {marks}"  # noqa: S608  # names of models and fields


def parameter_marks(db: BaseDBAsyncClient, count: int) -> str:
    """The parameters of one row, in parentheses, from the first on: `($1, $2)` on Postgres, `(?, ?)` on SQLite."""
    numbered = db.capabilities.dialect == "postgres"
    return f"({', '.join(f'${number}' if numbered else '?' for number in range(1, count + 1))})"


def qualified(schema: str | None, table: str) -> str:
    """The table's name, in its schema if it has one."""
    return f"{quoted(schema)}.{quoted(table)}" if schema else quoted(table)


def quoted(*names: str) -> str:
    """The names as identifiers, separated by commas."""
    return ", ".join(map(sql_text.quoted, names))


def writing_connection(model: type[Model]) -> str:
    """The name of the connection that the model is written to."""
    return model._choose_db(for_write=True).connection_name


def reading_client(model: type[Model]) -> BaseDBAsyncClient:
    """What the model's rows are read from: a replica if there is one, and inside of a transaction the transaction."""
    return model._choose_db()
