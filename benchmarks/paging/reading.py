"""Reading pages: where they are, how long they take in turns, and what Postgres reads for them."""

import json
import random
import time
from collections.abc import Hashable, Mapping
from statistics import median

from tortoise.connection import get_connection

from benchmarks.paging.entries import Entry
from benchmarks.paging.pagers import Read, Target
from tortoise_kit.development.testing import Statement, recorded_statements

ROUNDS = 101
SLOW_ROUNDS = 5
SLOW_SECONDS = 0.05

type Pages = dict[tuple[int, bool], Target]


async def targets(order: tuple[str, ...], rows: int, size: int) -> Pages:
    """Pages at growing depth, and the one before the page in the middle."""
    last = rows // size
    middle = last * 2 // 5
    depths = [page for page in (1, 10, 100, 1_000, 10_000) if page < last // 2]
    pages: Pages = {}
    for page in sorted({*depths, middle, last - 1}):
        skipped = (page - 1) * size
        before = await Entry.all().order_by(*order).offset(skipped - 1).limit(1) if skipped else [None]
        pages[page, False] = Target(order, skipped, before[0], size)
    [first] = await Entry.all().order_by(*order).offset((middle - 1) * size).limit(1)
    pages[middle, True] = Target(order, (middle - 1) * size, first, size, backwards=True)
    return pages


async def in_turns[Name: Hashable](reads: Mapping[Name, Read], rounds: int = ROUNDS) -> dict[Name, list[float]]:
    """The seconds of each round, in which all are asked in another order; slow ones are left out of most rounds."""
    spent: dict[Name, list[float]] = {name: [] for name in reads}
    rng = random.Random(0)  # noqa: S311  # an order, no secret
    for read in reads.values():
        await read()
    for number in range(rounds):
        for name in rng.sample(list(reads), len(reads)):
            if number >= SLOW_ROUNDS and median(spent[name]) > SLOW_SECONDS:
                continue
            begun = time.perf_counter()
            await reads[name]()
            spent[name].append(time.perf_counter() - begun)
    return spent


async def cost(read: Read, dialect: str) -> tuple[int, int | None]:
    """The statements of a page, and on Postgres the blocks that they read, cached or not."""
    with recorded_statements() as statements:
        await read()
    if dialect != "postgres":
        return len(statements), None
    return len(statements), sum([await _buffers(statement) for statement in statements])


async def _buffers(statement: Statement) -> int:
    sql, values = statement
    query = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}"
    [row] = await get_connection("default").execute_query_dict(query, values)
    plan = json.loads(row["QUERY PLAN"])[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
