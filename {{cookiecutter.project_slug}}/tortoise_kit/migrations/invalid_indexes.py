"""What a failed CREATE INDEX CONCURRENTLY leaves behind: an index that costs every write and answers no query."""

import logging

from tortoise.backends.base.client import BaseDBAsyncClient

from tortoise_kit.migrations.files import MigrationFile

INVALID_INDEXES = """
SELECT relname::text AS name, indexrelid::regclass::text AS sql_name
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace
"""

logger = logging.getLogger(__name__)


async def drop_invalid(client: BaseDBAsyncClient, file: MigrationFile) -> None:
    """Drop the INVALID indexes on Postgres that a file names, before it is tried again.

    Its CREATE INDEX CONCURRENTLY IF NOT EXISTS would take them for what it should build.
    """
    text = file.path.read_text(encoding="utf-8")
    for row in await client.execute_query_dict(INVALID_INDEXES):
        if row["name"] in text:
            logger.warning("Dropping %s, which an earlier try of %s left half built.", row["sql_name"], file.name)
            await client.execute_script(f"DROP INDEX CONCURRENTLY IF EXISTS {row['sql_name']}")
