"""Ways to the same page. Each is asked for the page behind a row, or the one before it."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import sqlakeyset.asyncio
from sqlalchemy import BigInteger, DateTime, Integer, String, event, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

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


class Peer(DeclarativeBase):  # type: ignore[misc]  # its types are not looked at
    """The models of SQLAlchemy."""


class PeerEntry(Peer):
    """The same table."""

    __tablename__ = "entries"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    category: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[Any] = mapped_column(DateTime(timezone=True))
    score: Mapped[int | None] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(40))


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


@asynccontextmanager
async def sqlakeyset_pager(url: str) -> AsyncGenerator[Callable[[Target], Read]]:
    """Sqlakeyset with SQLAlchemy's async sessions, a session for each page."""
    engine = create_async_engine(_sqlalchemy_url(url), pool_size=2)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _without_waits)

    def pager(target: Target) -> Read:
        columns = [
            getattr(PeerEntry, name[1:]).desc() if name.startswith("-") else getattr(PeerEntry, name)
            for name in target.order
        ]
        statement = select(PeerEntry).order_by(*columns)
        place = target.anchor and tuple(getattr(target.anchor, name.removeprefix("-")) for name in target.order)

        async def read() -> Any:
            async with AsyncSession(engine) as session:
                return await sqlakeyset.asyncio.select_page(
                    session, statement, per_page=target.limit, page=(place, target.backwards) if place else None
                )

        return read

    try:
        yield pager
    finally:
        await engine.dispose()


def _without_waits(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")


def _sqlalchemy_url(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"sqlite+aiosqlite:///{rest}" if scheme == "sqlite" else f"postgresql+asyncpg://{rest}"
