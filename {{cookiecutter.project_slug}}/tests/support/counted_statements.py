"""A database whose server counts its statements, for what reads the extension `pg_stat_statements`."""

import os

import asyncpg
import pytest

from tests.support.databases import DIRECT_URL

EXTENSION = "CREATE EXTENSION pg_stat_statements"


async def count_statements(url: str, *statements: str) -> None:
    """Have this database's statements counted, and run some; a server of somebody else's may refuse, and that is said.

    On a connection of its own, whose `SET` ends with it.
    """
    connection = await asyncpg.connect(url, timeout=10)
    try:
        for statement in statements or (EXTENSION,):
            await connection.execute(statement)
        await connection.execute("SELECT count(*) FROM pg_stat_statements")
    except (asyncpg.PostgresError, OSError) as error:
        if DIRECT_URL or os.environ.get("TEST_DATABASE_URL"):
            pytest.skip(f"The server of TEST_DATABASE_URL counts no statements for this role: {error}")
        raise
    finally:
        await connection.close()
