"""The same pages by sqlakeyset, which only the dependency group `benchmarks` has."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import sqlakeyset.asyncio
from sqlalchemy import BigInteger, DateTime, Integer, String, event, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from benchmarks.paging.pagers import Read, Target


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
