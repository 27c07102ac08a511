"""What the databases do for the pages of a list: no scan, no sort, no row read only to be discarded, at any depth.

`costs.py` says how a plan is judged. EXPLAIN says what a database does, so nothing here depends on the clock.
"""

import re
from typing import Any

from httpx2 import AsyncClient
from tortoise.connection import get_connection
from tortoise.queryset import QuerySet

from tortoise_kit.development.testing.costs import LIMIT, costs_of, nodes_of, plan_of
from tortoise_kit.development.testing.indexes import remedy
from tortoise_kit.development.testing.statements import Statement, recorded_statements

ROWS = 2_000
ONE_BY_KEY = re.compile(r'WHERE "id"=\S+( LIMIT \S+)?$')  # as a policy reads the caller, also for a list of users
DEPTH = 8  # pages of 100 on the way to the middle


async def analyze() -> None:
    """Tell the planner which rows exist; on Postgres also clean up what earlier tests deleted."""
    connection = get_connection("default")
    if connection.capabilities.dialect == "postgres":
        await connection.execute_script("VACUUM ANALYZE")
    else:  # a change of the schema lets the other connections read the statistics, too
        await connection.execute_script("DROP TABLE IF EXISTS sqlite_stat1; ANALYZE")


async def assert_index_serves(client: AsyncClient, url: str, *, table: str) -> None:
    """The first page of a list, one in its middle and the one before that each come from a range of an index.

    Args:
        client: May read the list.
        url: Of the list, with an order and filters, if any.
        table: The table whose rows it pages; it has at least 1 000 for these filters.

    Raises:
        AssertionError: A page costs more, with the line of `Meta` that is missing; or there are too few rows.
    """
    first = await _statement(client, url, table)
    deep, before = await _middle(client, url)
    for name, page in (("first page", url), ("in the middle", deep), ("backwards", before)):
        statement = first if page == url else await _statement(client, page, table)
        if complaints := await costs_of(statement):
            raise AssertionError("\n".join([f"{url}, {name}: {'; '.join(complaints)}", remedy(first[0], table)]))


async def assert_index_serves_rows(rows: QuerySet[Any]) -> None:
    """A limited queryset, in no list, comes from a range of an index."""
    with recorded_statements() as statements:
        assert await rows.limit(LIMIT), "nothing found"
    [statement] = statements
    complaints = await costs_of(statement)
    assert not complaints, f"{rows.model}: {'; '.join(complaints)}\n{statement[0]}"


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
    nodes = list(nodes_of(plan_of(rows)))
    scanned = [node for node in nodes if node["Node Type"] == "Seq Scan" and node["Relation Name"] == table]
    assert not scanned, scanned
    return {node["Index Name"] for node in nodes if "Index Name" in node}


async def _middle(client: AsyncClient, url: str) -> tuple[str, str]:
    """The URLs of a page in the middle and of the one before it."""
    sign = "&" if "?" in url else "?"
    answer = (await client.get(f"{url}{sign}limit=100")).json()
    for _ in range(DEPTH - 1):
        assert answer["next"], f"{url}: too few rows to have a middle; make_many needs {100 * (DEPTH + 1)}"
        answer = (await client.get(f"{url}{sign}limit=100&cursor={answer['next']}")).json()
    assert answer["next"], f"{url}: too few rows to have a middle; make_many needs {100 * (DEPTH + 1)}"
    deep = f"{url}{sign}cursor={answer['next']}"
    previous = (await client.get(f"{deep}&limit={LIMIT}")).json()["previous"]
    return deep, f"{url}{sign}cursor={previous}"


async def _statement(client: AsyncClient, url: str, table: str) -> Statement:
    sign = "&" if "?" in url else "?"
    with recorded_statements() as statements:
        answer = await client.get(f"{url}{sign}limit={LIMIT}")
    assert answer.status_code == 200, answer.text
    found = len(answer.json()["items"])
    assert found == LIMIT, f"{url}: {found} rows, too few for a page of {LIMIT}"
    of_table = [each for each in statements if f'FROM "{table}"' in each[0] and not ONE_BY_KEY.search(each[0])]
    assert len(of_table) == 1, f"{url}: {len(of_table)} statements read {table}, and a page is one"
    return of_table[0]
