"""The server and its tables: unsafe settings, limits, dead rows, numbers that run out, the cache."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tortoise_kit.doctor.context import CheckContext
from tortoise_kit.doctor.findings import Finding, amount, duration, size
from tortoise_kit.sql.parsing import quoted, text

# Twice as many as autovacuum waits for (by default, 0.2 of the rows): it has not come, or could not remove them.
DEAD_FACTOR = 2.0
DEAD_ROWS_MIN = 10_000  # a table of fewer is cheap to read
# Autovacuum freezes rows of this age by 200 million (autovacuum_freeze_max_age), and at 2,100 million writes end.
XID_AGE_MAX = 500_000_000
NAMED_TABLES_MAX = 10  # with more, VACUUM chooses them
SEQUENCE_SHARE_MAX = 0.75
CACHE_HIT_RATIO_MIN = 0.9
CACHE_READS_MIN = 1_000_000  # blocks of 8 kB: fewer than 8 GB say little


class _Unsafe(NamedTuple):
    bad: str
    good: str
    why: str


_UNSAFE: Mapping[str, _Unsafe] = {
    "fsync": _Unsafe("off", "on", "a power cut or a crash of the machine destroys the database"),
    "full_page_writes": _Unsafe("off", "on", "a crash of the machine can leave half-written pages"),
    "synchronous_commit": _Unsafe("off", "on", "a crash loses transactions that were reported as committed"),
    "autovacuum": _Unsafe("off", "on", "tables grow without limit, and in the end the server takes no writes"),
    "track_counts": _Unsafe("off", "on", "autovacuum does not know what to clean up"),
    "zero_damaged_pages": _Unsafe("on", "off", "damaged pages are emptied without an error"),
    "ignore_checksum_failure": _Unsafe("on", "off", "damaged pages are read without an error"),
}
_LIMITS = {
    "statement_timeout": "a statement, and the wait for a lock, may last for ever",
    "idle_in_transaction_session_timeout": "a session that does nothing may keep its locks for ever",
}
_SETTINGS = """
SELECT name::text, reset_val AS value, source, current_user::text AS role, current_database()::text AS database
FROM pg_settings WHERE name = ANY($1::text[]) ORDER BY name
"""
_DEAD = """
SELECT relid::regclass::text AS table_name, n_dead_tup AS dead, n_live_tup AS live,
    extract(epoch FROM now() - greatest(last_autovacuum, last_vacuum))::float8 AS seconds
FROM pg_stat_user_tables
WHERE n_dead_tup >= $1 AND n_dead_tup >= $2::float8 * (current_setting('autovacuum_vacuum_threshold')::float8
    + current_setting('autovacuum_vacuum_scale_factor')::float8 * n_live_tup)
ORDER BY n_dead_tup DESC
"""
_AGES = """
SELECT current_database()::text AS database, c.oid::regclass::text AS table_name,
    greatest(age(c.relfrozenxid), age(t.relfrozenxid)) AS age
FROM pg_class c LEFT JOIN pg_class t ON t.oid = c.reltoastrelid AND t.relfrozenxid <> '0'
WHERE c.relkind IN ('r', 'm') AND greatest(age(c.relfrozenxid), age(t.relfrozenxid)) >= $1
ORDER BY age DESC, 1
"""
_HIGHEST = "CASE a.atttypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 ELSE s.seqmax END"
_SEQUENCES = f"""
SELECT s.seqrelid::regclass::text AS name, d.refobjid::regclass::text AS table_name, a.attname::text AS column_name,
    pg_sequence_last_value(s.seqrelid) AS last, least(s.seqmax, {_HIGHEST}) AS highest,
    a.atttypid IN ('int2'::regtype, 'int4'::regtype) AS is_narrow, d.deptype::text = 'i' AS is_identity,
    ARRAY(SELECT format('ALTER TABLE %s ALTER COLUMN %I TYPE bigint;', k.conrelid::regclass, r.attname)
        FROM pg_constraint k JOIN pg_attribute r ON r.attrelid = k.conrelid AND r.attnum = k.conkey[1]
        WHERE k.contype = 'f' AND k.confrelid = d.refobjid AND k.confkey = ARRAY[a.attnum]
            AND r.atttypid <> 'int8'::regtype
        ORDER BY 1) AS referring
FROM pg_sequence s
LEFT JOIN pg_depend d ON d.objid = s.seqrelid AND d.classid = 'pg_class'::regclass
    AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE NOT s.seqcycle AND s.seqincrement > 0
    AND pg_sequence_last_value(s.seqrelid) >= $1::float8 * least(s.seqmax, {_HIGHEST})
ORDER BY 1
"""  # noqa: S608 -- only constants
_CACHE = """
SELECT blks_hit AS hits, blks_read AS reads, pg_size_bytes(current_setting('shared_buffers')) AS bytes
FROM pg_stat_database WHERE datname = current_database()
"""


async def unsafe_settings(context: CheckContext) -> list[Finding]:
    """Settings of the server that can lose data."""
    rows = await context.rows(_SETTINGS, list(_UNSAFE))
    return [_unsafe(row, _UNSAFE[row["name"]]) for row in rows if row["value"] == _UNSAFE[row["name"]].bad]


def _unsafe(row: dict[str, Any], known: _Unsafe) -> Finding:
    name = row["name"]
    remedies = {
        "database": f"ALTER DATABASE {quoted(row['database'])} RESET {name};",
        "user": f"ALTER ROLE {quoted(row['role'])} RESET {name};",
        "database user": f"ALTER ROLE {quoted(row['role'])} IN DATABASE {quoted(row['database'])} RESET {name};",
        "command line": f"postgres -c {name}={known.good}",
    }
    remedy = remedies.get(row["source"], f"ALTER SYSTEM SET {name} = {known.good};\nSELECT pg_reload_conf();")
    return Finding("unsafe-server-setting", name, f"{name} is {known.bad} ({row['source']}): {known.why}.", remedy)


async def missing_limits(context: CheckContext) -> list[Finding]:
    """Limits of time that the service's sessions do not have."""
    pool = context.deployment.pool
    seconds = (pool.statement_timeout or 5.0, pool.idle_in_transaction_timeout or 10.0)
    wanted = dict(zip(_LIMITS, seconds, strict=True))
    rows = await context.rows(_SETTINGS, list(_LIMITS))
    return [_unlimited(row, wanted[row["name"]]) for row in rows if row["value"] == "0"]


def _unlimited(row: dict[str, Any], seconds: float) -> Finding:
    name = row["name"]
    seen = f"{name} is 0 for the role {row['role']}: {_LIMITS[name]}. New sessions have the limit."
    remedy = f"ALTER ROLE {quoted(row['role'])} SET {name} = '{seconds:g}s';"
    return Finding("no-time-limit", name, seen, remedy)


async def dead_rows(context: CheckContext) -> list[Finding]:
    """Tables with many rows that were deleted or changed, and not cleaned up."""
    return [_dead(row) for row in await context.rows(_DEAD, DEAD_ROWS_MIN, DEAD_FACTOR)]


def _dead(row: dict[str, Any]) -> Finding:
    last = "never" if row["seconds"] is None else f"{duration(row['seconds'])} ago"
    seen = (
        f"{row['table_name']} has {amount(row['dead'], 'dead row')} and {amount(row['live'], 'live row')}; its last "
        f"VACUUM was {last}. Scans read dead rows, too. If it has as many afterwards, end the oldest transaction first."
    )
    return Finding("dead-rows", row["table_name"], seen, f"VACUUM (ANALYZE) {row['table_name']};")


async def transaction_ids(context: CheckContext) -> list[Finding]:
    """Tables whose rows have not been frozen for long."""
    rows = await context.rows(_AGES, XID_AGE_MAX)
    if not rows:
        return []
    oldest, tables = rows[0], [row["table_name"] for row in rows]
    seen = (
        f"{amount(len(rows), 'table')} have rows that autovacuum has not frozen, the oldest, of {tables[0]}, for "
        f"{amount(oldest['age'], 'transaction')}. At 2,100,000,000 the server takes no writes."
    )
    each = [f"VACUUM (FREEZE) {table};" for table in tables]
    remedy = "\n".join(each) if len(each) <= NAMED_TABLES_MAX else "VACUUM (FREEZE);"
    return [Finding("transaction-id-age", oldest["database"], seen, remedy)]


async def sequences(context: CheckContext) -> list[Finding]:
    """Sequences, also of identity columns, that have used most of their numbers."""
    return [_ending(row) for row in await context.rows(_SEQUENCES, SEQUENCE_SHARE_MAX)]


def _ending(row: dict[str, Any]) -> Finding:
    owner = f" of {row['table_name']}.{row['column_name']}" if row["table_name"] else ""
    seen = (
        f"{row['name']}{owner} is at {row['last']:,} of {row['highest']:,} ({row['last'] / row['highest']:.0%}): at "
        "the end each INSERT fails."
        + (" Changing the type rewrites the tables, with their locks held." if row["is_narrow"] else "")
    )
    return Finding("sequence-near-end", row["name"], seen, "\n".join(_more_numbers(row)))


def _more_numbers(row: dict[str, Any]) -> list[str]:
    name, table, column = row["name"], row["table_name"], row["column_name"]
    if row["is_narrow"]:
        sequence = [] if row["is_identity"] else [f"ALTER SEQUENCE {name} AS bigint;"]
        return [*row["referring"], f"ALTER TABLE {table} ALTER COLUMN {quoted(column)} TYPE bigint;", *sequence]
    if row["highest"] < 2**63 - 1:
        return [f"ALTER SEQUENCE {name} AS bigint NO MAXVALUE;"]
    if not table:
        return [f"ALTER SEQUENCE {name} RESTART;"]
    return [f"SELECT setval({text(name)}, (SELECT max({quoted(column)}) FROM {table}));"]  # noqa: S608 -- of the catalog


async def cache(context: CheckContext) -> list[Finding]:
    """A cache that serves few of many reads."""
    row = await context.row(_CACHE)
    total = row["hits"] + row["reads"]
    if row["reads"] < CACHE_READS_MIN or row["hits"] >= CACHE_HIT_RATIO_MIN * total:
        return []
    seen = (
        f"{row['hits'] / max(total, 1):.0%} of {amount(total, 'block')} came from shared_buffers, "
        f"{size(row['bytes'])}. Look at the slow statements first; a quarter of the memory is a good size. Restart the "
        "server after the change."
    )
    remedy = f"ALTER SYSTEM SET shared_buffers = '{row['bytes'] * 2 // 2**20}MB';"
    return [Finding("low-cache-hit-ratio", "shared_buffers", seen, remedy)]
