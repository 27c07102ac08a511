"""What a page's statement does beyond reading its rows from ranges of an index, judged as for millions of rows.

A range costs the same however many rows a table has; a scan, a bitmap and a sort cost more with each row. So from some
size on a planner takes the range if an index has it, but with the few rows of a test it may sort them faster. Here:

* Postgres may not scan, sort or build bitmaps (`enable_sort = off` and so on) for the page as long as any other plan
  exists. What it still sorts, no index has in this order. Any role may set that, and a test's statistics do not matter.
* SQLite has no such switch, and hardly needs one: of 1 419 cases (11 queries, all sets of one to three of 9 indexes)
  it sorted in the same ones with the statistics of 4 000 rows and with the same of millions.

Both then run the statement: rows that are read and thrown away count as well.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from tortoise_kit.development.testing.indexes import filters_of
from tortoise_kit.development.testing.statements import Statement

LIMIT = 20
AS_FOR_MILLIONS = "".join(
    f"SET LOCAL {setting} = off;"
    for setting in ("enable_seqscan", "enable_bitmapscan", "enable_sort", "enable_incremental_sort", "jit")
)
FORBIDDEN_NODES = {"Seq Scan", "Sort", "Incremental Sort", "Bitmap Heap Scan", "Aggregate", "Unique"}
# Beside one heap page for each row, which lie anywhere: the way down the index, and its leaves.
INDEX_BUFFERS = 10
SMALL_TABLE = 100  # rows; less than that is scanned rather than looked up
GENERIC_PLAN_SINCE = 160_000  # as `server_version_num` has it: Postgres 16
STEPS_MIN = 60  # of SQLite's machine for a row; one of ten columns takes some 20, and as many in a chain
STEPS_PER_COLUMN = 4
SQLITE_RANGE = re.compile(r"(SEARCH|SCAN) \S+ USING (COVERING )?(INDEX|INTEGER PRIMARY KEY) ?(\w*)(.*)")
SQLITE_CHAIN = re.compile(r"COMPOUND QUERY|LEFT-MOST SUBQUERY|UNION ALL|(CO-ROUTINE|SCAN) \(subquery-\d+\)")


async def costs_of(statement: Statement, connection_name: str = "default") -> list[str]:
    """What a page's statement does beyond reading its rows from ranges of an index, judged as for millions of rows."""
    connection: Any = get_connection(connection_name)
    sql, values = statement
    if connection.capabilities.dialect != "postgres":
        return list(_sqlite_costs(sql, values, connection.filename))
    explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}"
    relations = list(_relation_costs(plan_of(await connection.execute_query_dict(explain, values))))
    async with in_transaction(connection_name) as session:
        await session.execute_script(AS_FOR_MILLIONS)
        page = _page_costs(_limit(plan_of(await session.execute_query_dict(explain, values))))
        return [*page, *await _kept_costs(statement, session), *relations]


async def _kept_costs(statement: Statement, connection: Any) -> list[str]:
    """The same of the plan for any values, which the server keeps after some requests where it seems no dearer."""
    [server] = await connection.execute_query_dict("SELECT current_setting('server_version_num')::int AS version")
    if server["version"] < GENERIC_PLAN_SINCE:
        return []
    sql, values = statement
    kept = await connection.execute_query_dict(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {sql}", values)
    return [f"for any values: {complaint}" for complaint in _forbidden(_limit(plan_of(kept)))]


def _sqlite_costs(sql: str, values: list[Any], file: str) -> Iterator[str]:
    with closing(sqlite3.connect(file)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
        partial = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE INDEX%WHERE%'"))
        yield from _sqlite_complaints([detail for *_, detail in plan], filters_of(sql), partial)
        yield from _sqlite_steps(sql, values, connection)


def _sqlite_complaints(details: Sequence[str], filters: set[str], partial: dict[str, str]) -> Iterator[str]:
    """What no range does, and the filters that no range begins with and no index has as its condition."""
    ranges = [found for detail in details if (found := SQLITE_RANGE.match(detail))]
    for column in sorted(filters):
        used = (f"{column}=?" in found[5] or column in partial.get(found[4], "") for found in ranges)
        if ranges and not any(used):
            yield f"{ranges[0][0]}: {column} is compared row by row"
    for detail in details:
        if not (SQLITE_RANGE.match(detail) or SQLITE_CHAIN.match(detail)):
            yield detail


def _sqlite_steps(sql: str, values: list[Any], connection: sqlite3.Connection) -> Iterator[str]:
    """The plan does not say what is read and thrown away; the steps of SQLite's machine do."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection.set_progress_handler(step, 1)
    cursor = connection.execute(sql, values)
    cursor.fetchall()
    row = max(STEPS_MIN, STEPS_MIN // 3 + STEPS_PER_COLUMN * len(cursor.description))
    if steps > (bound := row * (LIMIT + 2)):
        yield f"{steps} steps, {bound} are enough"


def plan_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The topmost node of what EXPLAIN returned."""
    plan = rows[0]["QUERY PLAN"]
    [explained] = json.loads(plan) if isinstance(plan, str) else plan
    return explained["Plan"]  # type: ignore[no-any-return]


def nodes_of(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A node of a plan, and all below it."""
    yield node
    for child in node.get("Plans", ()):
        yield from nodes_of(child)


def _limit(plan: dict[str, Any]) -> dict[str, Any]:
    """The page's own range; above it stands what is made of each row, its relations among that."""
    return next(node for node in nodes_of(plan) if node["Node Type"] == "Limit")


def _forbidden(plan: dict[str, Any]) -> Iterator[str]:
    for node in nodes_of(plan):
        if node["Node Type"] in FORBIDDEN_NODES:
            yield f"{node['Node Type']} of {node.get('Relation Name', 'rows')}"


def _relation_costs(plan: dict[str, Any]) -> Iterator[str]:
    """What each row's relations throw away, in the plan that the server prefers: few related rows are well sorted."""
    page = list(nodes_of(_limit(plan)))
    for node in nodes_of(plan):
        if node not in page:
            yield from _thrown_away(node, at_most=SMALL_TABLE)


def _page_costs(limit: dict[str, Any]) -> Iterator[str]:
    yield from _forbidden(limit)
    for node in nodes_of(limit):
        yield from _thrown_away(node, at_most=0)
    buffers = limit["Shared Hit Blocks"] + limit["Shared Read Blocks"]
    if buffers > (bound := LIMIT + 2 + INDEX_BUFFERS):
        yield f"{buffers} buffers, {bound} are enough"


def _thrown_away(node: dict[str, Any], *, at_most: int) -> Iterator[str]:
    for key in ("Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter"):
        if node.get(key, 0) > at_most:
            yield f"{node[key]} rows were read and thrown away by {node.get('Filter') or node['Node Type']}"
