"""Ways to the same page. Each is asked for the page behind a row, or the one before it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.paging.entries import Entry
from tortoise_kit.pagination import paginate
from tortoise_kit.pagination.bodies import page_body
from tortoise_kit.pagination.cursor import Anchor, Bound, Codec
from tortoise_kit.pagination.order import parse_order
from tortoise_kit.schemas import ReadSchema

SECRETS = [bytes(32)]

type Read = Callable[[], Awaitable[Any]]


@dataclass(frozen=True)
class Target:
    """A page: of which order, how many rows lie before it, and the row it is reached from; None for the first."""

    order: tuple[str, ...]
    offset: int
    anchor: Entry | None
    limit: int
    backwards: bool = False


def keyset(target: Target) -> Read:
    """Ours, to models."""
    cursor = _cursor(target)

    async def read() -> Any:
        return await paginate(Entry.all(), order_by=target.order, limit=target.limit, cursor=cursor, secrets=SECRETS)

    return read


class EntryRead(ReadSchema, model=Entry):
    """As a list of the service answers."""


def lists(target: Target) -> Read:
    """Ours, as the service's lists answer: the bytes of the page."""
    cursor = _cursor(target)

    async def read() -> Any:
        return await page_body(
            Entry.all(),
            EntryRead,
            order_by=target.order,
            limit=target.limit,
            cursor=cursor,
            scope="",
            secrets=SECRETS,
        )

    return read


def _cursor(target: Target) -> str | None:
    if target.anchor is None:
        return None
    keys = parse_order(Entry, target.order)
    codec = Codec(keys, (Entry._meta.full_name, ""), SECRETS)
    place = codec.place([getattr(target.anchor, key.name) for key in keys])
    return codec.encode(Anchor(Bound.BEFORE if target.backwards else Bound.AFTER, place))


def offset(target: Target) -> Read:
    """The common way; one row more shows whether there is a next page."""

    async def read() -> Any:
        start = target.offset - (target.limit if target.backwards else 0)
        return await Entry.all().order_by(*target.order).offset(start).limit(target.limit + 1)

    return read
