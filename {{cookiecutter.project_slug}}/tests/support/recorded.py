"""The statements that a connection is sent while a test looks, with their parameters, for EXPLAIN.

`tortoise_kit.sql.recording` counts statements in more places, and never keeps a parameter.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from tortoise.connection import get_connection

type Statement = tuple[str, list[Any]]


@contextmanager
def recorded(connection_name: str = "default") -> Generator[list[Statement]]:
    """Each statement outside of transactions, with its parameters."""
    connection = get_connection(connection_name)
    execute = connection.execute_query
    statements: list[Statement] = []

    async def execute_query(query: str, values: list[Any] | None = None) -> tuple[int, Sequence[Any]]:
        statements.append((query, values or []))
        return await execute(query, values)

    with patch.object(connection, "execute_query", execute_query):
        yield statements
