"""What the databases do for a page: no scan, no sort, no row read only to be discarded, at any depth of a list.

2 000 rows and ANALYZE are enough for the planner to choose as it would for millions. EXPLAIN says what it chooses, so
nothing here depends on the clock.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

from httpx import AsyncClient
from tortoise.connection import get_connection
from tortoise.queryset import QuerySet

from tortoise_kit.development.testing.statements import Statement, recorded_statements

ROWS = 2_000
LIMIT = 20
DEPTH = 8  # pages of 100 on the way to the middle
FORBIDDEN_NODES = {"Seq Scan", "Sort", "Incremental Sort", "Bitmap Heap Scan", "Aggregate", "Unique"}
# Beside one heap page for each row, which lie anywhere: the way down the index, and its leaves.
INDEX_BUFFERS = 10
SMALL_TABLE = 100  # rows; less than that is scanned rather than looked up
GENERIC_PLAN_SINCE = 160_000  # as `server_version_num` has it: Postgres 16
SQLITE_STEPS = 60 * (LIMIT + 2)  # of its machine; a row of ten columns takes some 20, and as many in a chain
SQLITE_DEEP = re.compile(r"SEARCH \S+ USING (COVERING )?(INDEX|INTEGER PRIMARY KEY)")
SQLITE_CHAIN = re.compile(r"COMPOUND QUERY|LEFT-MOST SUBQUERY|UNION ALL|(CO-ROUTINE|SCAN) \(subquery-\d+\)")
SQLITE_FIRST = re.compile(r"(SEARCH|SCAN) \S+ USING (COVERING )?(INDEX|INTEGER PRIMARY KEY)")


async def analyze() -> None:
    """Tell the planner which rows exist; on Postgres also clean up what earlier tests deleted."""
    connection = get_connection("default")
    await connection.execute_script("VACUUM ANALYZE" if connection.capabilities.dialect == "postgres" else "ANALYZE")


async def assert_index_serves(client: AsyncClient, url: str, *, table: str) -> None:
    """The first page of a list, one in its middle and the one before that each come from a range of an index."""
    first = await _statements(client, url, table)
    await _assert_range(first, deep=False, where=f"{url}, first page")
    deep, before = await _middle(client, url)
    for name, page in (("in the middle", deep), ("backwards", before)):
        await _assert_range(await _statements(client, page, table), deep=True, where=f"{url}, {name}")


async def assert_index_serves_rows(rows: QuerySet[Any]) -> None:
    """A limited queryset, in no list, comes from a range of an index."""
    with recorded_statements() as statements:
        assert await rows.limit(LIMIT), "nothing found"
    await _assert_range(statements, deep=True, where=str(rows.model))


async def indexes_used(client: AsyncClient, url: str, *, table: str) -> set[str]:
    """The indexes that the first page of a filtered list is read by; the table itself is not scanned.

    For filters that no range of an index serves: what they cost depends on how many rows have what is asked for.
    """
    with recorded_statements() as statements:
        answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    assert answer.json()["items"], "nothing found"
    *_, (sql, values) = [statement for statement in statements if f'FROM "{table}"' in statement[0]]
    connection = get_connection("default")
    if connection.capabilities.dialect != "postgres":
        plan = await connection.execute_query_dict(f"EXPLAIN QUERY PLAN {sql}", values)
        assert not [row for row in plan if "TEMP B-TREE" in row["detail"]], plan
        return {found[1] for row in plan if (found := re.search(r"USING (?:COVERING )?INDEX (\w+)", row["detail"]))}
    rows = await connection.execute_query_dict(f"EXPLAIN (FORMAT JSON) {sql}", values)
    nodes = list(_nodes(_plan(rows)))
    scanned = [node for node in nodes if node["Node Type"] == "Seq Scan" and node["Relation Name"] == table]
    assert not scanned, scanned
    return {node["Index Name"] for node in nodes if "Index Name" in node}


async def _middle(client: AsyncClient, url: str) -> tuple[str, str]:
    """The URLs of a page in the middle and of the one before it."""
    sign = "&" if "?" in url else "?"
    answer = (await client.get(f"{url}{sign}limit=100")).json()
    for _ in range(DEPTH - 1):
        assert answer["next"], f"{url}: too few rows to have a middle"
        answer = (await client.get(f"{url}{sign}limit=100&cursor={answer['next']}")).json()
    assert answer["next"], f"{url}: too few rows to have a middle"
    deep = f"{url}{sign}cursor={answer['next']}"
    previous = (await client.get(f"{deep}&limit={LIMIT}")).json()["previous"]
    return deep, f"{url}{sign}cursor={previous}"


async def _statements(client: AsyncClient, url: str, table: str) -> list[Statement]:
    sign = "&" if "?" in url else "?"
    with recorded_statements() as statements:
        answer = await client.get(f"{url}{sign}limit={LIMIT}")
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["items"]) == LIMIT
    return [statement for statement in statements if f'FROM "{table}"' in statement[0]]


async def costs_of(statement: Statement, connection_name: str) -> list[str]:
    """What the statement of a deep page does beyond reading its rows from ranges of an index."""
    return await _costs(statement, get_connection(connection_name), deep=True)


async def _assert_range(statements: list[Statement], *, deep: bool, where: str) -> None:
    assert len(statements) == 1, f"{where}: {len(statements)} statements"
    complaints = await _costs(statements[0], get_connection("default"), deep=deep)
    assert not complaints, f"{where}: {'; '.join(complaints)}\n{statements[0][0]}"


async def _costs(statement: Statement, connection: Any, *, deep: bool) -> list[str]:
    sql, values = statement
    if connection.capabilities.dialect == "postgres":
        run = await connection.execute_query_dict(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", values)
        return [*_postgres_complaints(_plan(run)), *await _kept_costs(statement, connection)]
    plan = await connection.execute_query_dict(f"EXPLAIN QUERY PLAN {sql}", values)
    return [*_sqlite_complaints(plan, deep=deep), *_sqlite_steps(sql, values, connection.filename)]


async def _kept_costs(statement: Statement, connection: Any) -> list[str]:
    """The same of the plan for any values, which the server keeps after some requests where it seems no dearer."""
    [server] = await connection.execute_query_dict("SELECT current_setting('server_version_num')::int AS version")
    if server["version"] < GENERIC_PLAN_SINCE:
        return []
    sql, values = statement
    kept = await connection.execute_query_dict(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {sql}", values)
    return [f"for any values: {complaint}" for complaint in _forbidden(_limit(_plan(kept)))]


def _sqlite_complaints(rows: Iterable[dict[str, Any]], *, deep: bool) -> Iterator[str]:
    allowed = SQLITE_DEEP if deep else SQLITE_FIRST
    for row in rows:
        if not (allowed.match(row["detail"]) or SQLITE_CHAIN.match(row["detail"])):
            yield row["detail"]


def _sqlite_steps(sql: str, values: list[Any], file: str) -> Iterator[str]:
    """The plan does not tell what is read and thrown away; the steps of SQLite's machine do."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    with closing(sqlite3.connect(file)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()  # reads the schema, which has steps, too
        connection.set_progress_handler(step, 1)
        connection.execute(sql, values).fetchall()
    if steps > SQLITE_STEPS:
        yield f"{steps} steps, {SQLITE_STEPS} are enough"


def _plan(rows: list[dict[str, Any]]) -> dict[str, Any]:
    plan = rows[0]["QUERY PLAN"]
    [explained] = json.loads(plan) if isinstance(plan, str) else plan
    return explained["Plan"]  # type: ignore[no-any-return]


def _limit(plan: dict[str, Any]) -> dict[str, Any]:
    """The page's own range; above it stands what is made of each row, its relations among that."""
    return next(node for node in _nodes(plan) if node["Node Type"] == "Limit")


def _forbidden(plan: dict[str, Any]) -> Iterator[str]:
    for node in _nodes(plan):
        if node["Node Type"] in FORBIDDEN_NODES:
            yield f"{node['Node Type']} of {node.get('Relation Name', 'rows')}"


def _postgres_complaints(plan: dict[str, Any]) -> Iterator[str]:
    limit = _limit(plan)
    yield from _forbidden(limit)
    for node in _nodes(limit):
        yield from _thrown_away(node, at_most=0)
    for node in _nodes(plan):
        yield from _thrown_away(node, at_most=SMALL_TABLE)
    buffers = limit["Shared Hit Blocks"] + limit["Shared Read Blocks"]
    if buffers > (bound := LIMIT + 2 + INDEX_BUFFERS):
        yield f"{buffers} buffers, {bound} are enough"


def _thrown_away(node: dict[str, Any], *, at_most: int) -> Iterator[str]:
    for key in ("Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter"):
        if node.get(key, 0) > at_most:
            yield f"{node[key]} rows were read and thrown away by {node.get('Filter') or node['Node Type']}"


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)
