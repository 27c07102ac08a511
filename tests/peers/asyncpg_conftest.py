"""Puts the kit's pool and connection in place of asyncpg's, for asyncpg's suite of version 0.32.

The pool opens its connections when it is created, as asyncpg's tests expect; the kit's own opens without its server.
"""

import os
from typing import Any

import asyncpg
from asyncpg import _testbase

from tortoise_kit.db.engines.asyncpg_connection import Connection
from tortoise_kit.db.engines.asyncpg_pool import Pool

create_pool = _testbase.create_pool
connect = _testbase.ClusterTestCase.connect.__func__


class EagerPool(Pool):
    """Opens its connections when it is created, to one server, and restores lost ones from then on."""

    def __init__(self, dsn: str | None = None, *, reset: Any = None, connect: Any = None, **options: Any) -> None:
        if dsn is not None:
            options["dsn"] = dsn
        super().__init__(acquire_timeout=None, writes=False, **options)
        self._connect = connect or asyncpg.connect
        self._reset = reset or self.reset_session
        asked = options["init_size"]
        self._initsize = self._minsize if asked is None else asked

    def _schedule_min_size_maintenance(self) -> None:
        asyncpg.Pool._schedule_min_size_maintenance(self)  # noqa: SLF001 - without waiting for a first caller


def of_kit(connection_class: type[Any]) -> type[Any]:
    """The kit's connection; a test's own subclass is mixed with it."""
    if connection_class is asyncpg.Connection:
        return Connection
    return type(connection_class.__name__, (connection_class, Connection), {})


def create_pool_of_kit(
    dsn: str | None = None,
    *,
    pool_class: type[Any] = asyncpg.Pool,
    connection_class: type[Any] = asyncpg.Connection,
    **options: Any,
) -> Any:
    kit_pool = EagerPool if pool_class is asyncpg.Pool else pool_class
    return create_pool(dsn, pool_class=kit_pool, connection_class=of_kit(connection_class), **options)


def connect_of_kit(cls: type[Any], /, **options: Any) -> Any:
    return connect(cls, **{"connection_class": Connection, **options})


if os.environ["PEERS_SUBJECT"] == "kit":
    _testbase.create_pool = create_pool_of_kit
    _testbase.ClusterTestCase.connect = classmethod(connect_of_kit)
