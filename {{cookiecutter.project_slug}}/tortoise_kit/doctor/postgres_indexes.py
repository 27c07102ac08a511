"""Indexes of Postgres: missing for a foreign key, duplicate, unused, invalid."""

from itertools import groupby
from typing import Any

from tortoise_kit.db.errors import ConnectionLost
from tortoise_kit.doctor.context import CheckContext
from tortoise_kit.doctor.findings import Finding, NotChecked, duration, size
from tortoise_kit.sql.identifiers import column_list

# To read a smaller table takes less than a millisecond.
UNINDEXED_ROWS_MIN = 1000
# Writing to an index of less costs little, and it takes little of the cache.
UNUSED_BYTES_MIN = 10 * 2**20
# An index may serve a job that runs once a week.
UNUSED_SECONDS_MIN = 8 * 86_400.0

# Whether an index finds the rows of a foreign key: its first columns are those of the key, in any order.
_SERVES = """
i.indisvalid AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
AND cardinality(k.conkey) <= i.indnkeyatts AND k.conrelid = i.indrelid
"""
_FOREIGN_KEYS = f"""
SELECT k.conrelid::regclass::text AS table_name, k.confrelid::regclass::text AS parent, t.relkind::text AS kind,
    ARRAY(SELECT attname::text FROM unnest(k.conkey) WITH ORDINALITY AS c(number, place)
        JOIN pg_attribute ON attrelid = k.conrelid AND attnum = number ORDER BY place) AS columns
FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid LEFT JOIN pg_stat_user_tables u ON u.relid = t.oid
WHERE k.contype = 'f' AND k.conparentid = 0 AND (t.relkind = 'p' OR greatest(t.reltuples, u.n_live_tup) >= $1)
AND NOT EXISTS (
    SELECT FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
    WHERE m.amname IN ('btree', 'hash') AND {_SERVES} AND (
        i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) = ANY (
            SELECT format('(%I IS NOT NULL)', attname) FROM pg_attribute
            WHERE attrelid = k.conrelid AND attnum = ANY(k.conkey))))
ORDER BY 1, k.conname
"""  # noqa: S608 -- only constants
_DEFINITIONS = """
SELECT i.indexrelid::regclass::text AS name, i.indrelid::regclass::text AS table_name,
    pg_relation_size(i.indexrelid) AS bytes, i.indisunique AS is_unique,
    EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid) OR i.indisreplident AS is_needed,
    concat_ws('|', i.indrelid, x.relam, i.indnkeyatts, i.indkey, i.indcollation, i.indclass, i.indoption,
        coalesce(pg_get_expr(i.indexprs, i.indrelid), '-'), pg_get_expr(i.indpred, i.indrelid)) AS definition
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_stat_user_tables s ON s.relid = i.indrelid
WHERE i.indisvalid AND x.relkind = 'i' AND NOT x.relispartition
ORDER BY definition, is_needed DESC, is_unique DESC, name
"""
_UNUSED = f"""
SELECT s.indexrelid::regclass::text AS name, s.relid::regclass::text AS table_name,
    pg_relation_size(s.indexrelid) AS bytes,
    extract(epoch FROM now() - coalesce(d.stats_reset, pg_postmaster_start_time()))::float8 AS seconds
FROM pg_stat_user_indexes s JOIN pg_index i ON i.indexrelid = s.indexrelid
JOIN pg_class x ON x.oid = s.indexrelid JOIN pg_stat_database d ON d.datname = current_database()
WHERE s.idx_scan = 0 AND i.indisvalid AND NOT i.indisunique AND NOT i.indisexclusion AND NOT i.indisreplident
    AND NOT x.relispartition AND pg_relation_size(s.indexrelid) >= $1
    AND now() - coalesce(d.stats_reset, pg_postmaster_start_time()) >= $2::float8 * interval '1 second'
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND {_SERVES})
ORDER BY bytes DESC, name
"""  # noqa: S608 -- only constants
_USED = "SELECT indexrelid::regclass::text AS name FROM pg_stat_user_indexes WHERE idx_scan > 0"
_INVALID = """
SELECT i.indexrelid::regclass::text AS name, i.indrelid::regclass::text AS table_name,
    pg_get_indexdef(i.indexrelid) AS definition, x.relname ~ '_cc(new|old)[0-9]*$' AS is_leftover
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
WHERE NOT i.indisvalid AND x.relkind = 'i'
    AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)
ORDER BY 1
"""


async def missing_foreign_key_indexes(context: CheckContext) -> list[Finding]:
    """Foreign keys without an index: deleting a row of the parent reads the whole table, with its locks held."""
    return [_without_index(row) for row in await context.rows(_FOREIGN_KEYS, UNINDEXED_ROWS_MIN)]


def _without_index(row: dict[str, Any]) -> Finding:
    columns, table = column_list(row["columns"]), row["table_name"]
    seen = (
        f"No index finds the rows of {table} by ({columns}), so each DELETE on {row['parent']}, and each join from it, "
        f"reads all of {table}."
    )
    online = "" if row["kind"] == "p" else "CONCURRENTLY "  # which a partitioned table does not take
    return Finding("missing-foreign-key-index", table, seen, f"CREATE INDEX {online}ON {table} ({columns});")


async def duplicate_indexes(context: CheckContext) -> list[Finding]:
    """Indexes that another one of the same columns, order and condition makes superfluous."""
    rows = await context.rows(_DEFINITIONS)
    groups = (list(group) for _, group in groupby(rows, lambda row: row["definition"]))
    return [_duplicate(first, other) for first, *others in groups for other in others if not other["is_needed"]]


def _duplicate(kept: dict[str, Any], row: dict[str, Any]) -> Finding:
    seen = (
        f"{row['name']} has the columns of {kept['name']} on {row['table_name']}: it takes {size(row['bytes'])}, and "
        "each write maintains both."
    )
    return Finding("duplicate-index", row["name"], seen, f"DROP INDEX CONCURRENTLY {row['name']};")


async def unused_indexes(context: CheckContext) -> list[Finding]:
    """Indexes that no statement has used since the statistics began, here or on the replica.

    Those that are unique, or that serve a foreign key, have a purpose besides.
    """
    rows = await context.rows(_UNUSED, UNUSED_BYTES_MIN, UNUSED_SECONDS_MIN)
    try:
        used = {row["name"] for row in await context.replica_rows(_USED)} if rows else set()
    except ConnectionLost as error:
        message = f"The replica may use them, and it cannot be reached. {error}"
        raise NotChecked(message) from error
    return [_unused(row) for row in rows if row["name"] not in used]


def _unused(row: dict[str, Any]) -> Finding:
    seen = (
        f"No statement has used {row['name']} on {row['table_name']} for {duration(row['seconds'])}, as long as there "
        f"are statistics. It takes {size(row['bytes'])}, and each write maintains it."
    )
    return Finding("unused-index", row["name"], seen, f"DROP INDEX CONCURRENTLY {row['name']};")


async def invalid_indexes(context: CheckContext) -> list[Finding]:
    """Indexes that no statement can use, since creating them failed; not one that is being created."""
    return [_invalid(row) for row in await context.rows(_INVALID)]


def _invalid(row: dict[str, Any]) -> Finding:
    seen = (
        f"Creating {row['name']} on {row['table_name']} failed: writes maintain it, and no statement uses it. If it is "
        "to be unique, delete the duplicate rows first."
    )
    again = "" if row["is_leftover"] else "\n" + row["definition"].replace(" INDEX ", " INDEX CONCURRENTLY ", 1) + ";"
    return Finding("invalid-index", row["name"], seen, f"DROP INDEX CONCURRENTLY {row['name']};{again}")
