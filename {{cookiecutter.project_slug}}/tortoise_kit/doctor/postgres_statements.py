"""Statements of Postgres: those that lack an index, that look like N+1, that are slow."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from tortoise_kit.doctor.context import CheckContext
from tortoise_kit.doctor.findings import Finding, NotChecked, amount
from tortoise_kit.sql.parsing import quoted, text
from tortoise_kit.sql.statistics import StatementStatistics, StatisticsMissing, worst_statements

STATEMENTS_MAX = 1000  # the most expensive ones
SHOWN_MAX = 3

# A scan of fewer rows takes about a millisecond, as much as an index saves.
SCANNED_ROWS_MIN = 10_000
SCANS_MIN = 100
SCANS_PER_HOUR_MIN = 10.0  # a nightly report may read a whole table

# Fewer calls show no pattern, and more rows a call are no row by its key.
REPEATED_CALLS_MIN = 1000
REPEATED_ROWS_MAX = 10
REPEATED_PER_PARENT_MIN = 5.0  # the limit of `REPEATED_QUERIES_MAX`, by default, for one request
REPEATED_SHARE = (0.8, 1.1)  # of the parent's rows: some may be fetched by other code, or have no relative

SLOW_MILLISECONDS = 500.0  # a tenth of the usual statement timeout: with load it comes near
SLOW_CALLS_MIN = 10

_SCANS = """
SELECT s.relid::regclass::text AS table_name, s.relname::text AS name, s.seq_scan AS scans,
    s.seq_tup_read / s.seq_scan AS rows_each
FROM pg_stat_user_tables s JOIN pg_stat_database d ON d.datname = current_database()
WHERE s.seq_scan >= $1 AND s.seq_tup_read / greatest(s.seq_scan, 1) >= $2 AND s.seq_scan >= $3::float8
    * extract(epoch FROM now() - coalesce(d.stats_reset, pg_postmaster_start_time())) / 3600
ORDER BY s.seq_tup_read DESC
"""
_COLUMNS_WITHOUT_INDEX = """
SELECT a.attname::text AS name FROM pg_attribute a
WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped AND NOT EXISTS (
    SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisvalid AND i.indkey[0] = a.attnum)
"""
_FOREIGN_KEYS = """
SELECT t.relname::text AS table_name, a.attname::text AS column_name, p.relname::text AS parent, b.attname::text AS key
FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]
WHERE k.contype = 'f' AND cardinality(k.conkey) = 1
"""
_GENERIC_PLAN_VERSION = 160_000
_VERSION = "SELECT current_setting('server_version_num')::int AS number"
_DATA = re.compile(r"(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH)\b", re.IGNORECASE)
_EQUAL = re.compile(r'"?(\w+)"?\s*=\s*(?:\?|ANY)')
_WHERE = re.compile(r"\bWHERE\b(.*)", re.IGNORECASE | re.DOTALL)
_BY_KEY = re.compile(
    r'SELECT .+ FROM (?:"?\w+"?\.)?"?(?P<table>\w+)"?(?: "?\w+"?)? WHERE (?:"?\w+"?\.)?"?(?P<key>\w+)"?\s*=\s*\?'
    r"(?: ORDER BY [^()]+)?(?: LIMIT \?)?",
    re.IGNORECASE,
)


async def statements(context: CheckContext) -> list[StatementStatistics]:
    """The most expensive statements of this database that read or change rows, without values.

    Raises:
        NotChecked: The server does not count them.
    """
    try:
        found = await worst_statements(context.client, limit=STATEMENTS_MAX)
    except StatisticsMissing as error:
        raise NotChecked(str(error)) from error
    return [each for each in found if _DATA.match(each.statement)]


async def sequential_scans(context: CheckContext) -> list[Finding]:
    """Tables of which many rows are read many times without an index, and the statements that may do so."""
    rows = await context.rows(_SCANS, SCANS_MIN, SCANNED_ROWS_MIN, SCANS_PER_HOUR_MIN)
    counted = await _statements_if_any(context) if rows else []
    return [await _scanned(context, row, _touching(row["name"], counted)) for row in rows]


async def _statements_if_any(context: CheckContext) -> list[StatementStatistics]:
    try:
        return await statements(context)
    except NotChecked:
        return []


def _touching(table: str, counted: Sequence[StatementStatistics]) -> list[StatementStatistics]:
    found = [each for each in counted if (where := _WHERE.search(each.statement)) and _EQUAL.search(where[1])]
    return sorted((each for each in found if _names(each, table)), key=lambda each: -each.blocks)[:SHOWN_MAX]


def _names(one: StatementStatistics, table: str) -> bool:
    """Whether the statement contains the table's name."""
    return re.search(rf'(?<![\w"]){re.escape(table)}(?!\w)|"{re.escape(table)}"', one.statement) is not None


async def _scanned(context: CheckContext, row: dict[str, Any], touching: list[StatementStatistics]) -> Finding:
    table = row["table_name"]
    columns = {each["name"] for each in await context.rows(_COLUMNS_WITHOUT_INDEX, table)}
    named = [column for each in touching for column in _compared(each.statement) if column in columns]
    suspects = "; ".join(f"{amount(each.calls, 'call')} of `{each.statement}`" for each in touching)
    known = f"Statements that read it: {suspects}." if touching else "With pg_stat_statements, the next run names them."
    seen = (
        f"{table} was read as a whole {amount(row['scans'], 'time')}, with {amount(row['rows_each'], 'row')} each "
        f"time: an index of the columns in WHERE may be missing. {known} The last statement counts again."
    )
    first = "CREATE EXTENSION IF NOT EXISTS pg_stat_statements;"
    if named:
        first = f"CREATE INDEX CONCURRENTLY ON {table} ({quoted(named[0])});"
    elif touching:
        first = await _explanation(context, touching[0].statement)
    remedy = f"{first}\nSELECT pg_stat_reset_single_table_counters({text(table)}::regclass);"
    return Finding("sequential-scans", table, seen, remedy)


def _compared(statement: str) -> Iterator[str]:
    """The columns that the statement compares with a value."""
    for where in _WHERE.findall(statement):
        yield from _EQUAL.findall(where)


async def repeated_statements(context: CheckContext) -> list[Finding]:
    """Statements that read few rows by a key, about once for each row that one of a related table returned: N+1.

    The relation is asked for because each request reads some rows by their keys, such as its caller's account.
    """
    counted = await statements(context)
    relatives = await _relatives(context)
    found = []
    for each in counted:
        few = each.calls >= REPEATED_CALLS_MIN and each.rows <= REPEATED_ROWS_MAX * each.calls
        by_key = _BY_KEY.fullmatch(each.statement) if few else None
        tables = relatives.get((by_key["table"], by_key["key"]), set()) if by_key else set()
        if parent := _parent(each, [other for other in counted if any(_names(other, table) for table in tables)]):
            found.append(_repeated(each, parent))
    return found


async def _relatives(context: CheckContext) -> dict[tuple[str, str], set[str]]:
    """The tables at the other ends of the foreign keys, by table and column."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in await context.rows(_FOREIGN_KEYS):
        found.setdefault((row["table_name"], row["column_name"]), set()).add(row["parent"])
        found.setdefault((row["parent"], row["key"]), set()).add(row["table_name"])
    return found


def _parent(child: StatementStatistics, others: Sequence[StatementStatistics]) -> StatementStatistics | None:
    """The statement whose rows are as many as the calls of `child`, most closely."""
    low, high = REPEATED_SHARE
    close = [
        each
        for each in others
        if low * each.rows <= child.calls <= high * each.rows
        and each.calls * REPEATED_PER_PARENT_MIN <= child.calls
        and each.statement.upper().startswith(("SELECT", "WITH"))
    ]
    return min(close, key=lambda each: abs(each.rows - child.calls), default=None)


def _repeated(child: StatementStatistics, parent: StatementStatistics) -> Finding:
    seen = (
        f"It ran {amount(child.calls, 'time')} and returned {child.rows / child.calls:.1f} rows each time, about once "
        f"for each of the {amount(parent.rows, 'row')} of {amount(parent.calls, 'call')} of `{parent.statement}`. "
        "Fetch them together, by prefetch_related or select_related."
    )
    return Finding(
        "repeated-statement", child.statement, seen, '.prefetch_related("…")  # on the query of the other rows'
    )


async def slow_statements(context: CheckContext) -> list[Finding]:
    """Statements that take long on average."""
    counted = await statements(context)
    slow = [each for each in counted if each.mean_milliseconds >= SLOW_MILLISECONDS and each.calls >= SLOW_CALLS_MIN]
    return [_slow(each, await _explanation(context, each.statement)) for each in slow]


def _slow(one: StatementStatistics, explanation: str) -> Finding:
    seen = (
        f"It takes {one.mean_milliseconds:,.0f} ms on average, and took {one.total_milliseconds / 1000:,.0f} s in "
        f"{amount(one.calls, 'call')} that read {one.blocks / one.calls:,.0f} blocks and returned or changed "
        f"{one.rows / one.calls:,.0f} rows each. Its plan shows what it waits for."
    )
    return Finding("slow-statement", one.statement, seen, explanation)


async def _explanation(context: CheckContext, statement: str) -> str:
    """The statement that shows the plan, without values where the server can do that."""
    version = await context.row(_VERSION)
    option = " (GENERIC_PLAN)" if version["number"] >= _GENERIC_PLAN_VERSION else ""
    return f"EXPLAIN{option} {_numbered(statement)};"


def _numbered(statement: str) -> str:
    """The statement with `$1`, `$2`, … in place of the marks."""
    first, *rest = statement.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))
