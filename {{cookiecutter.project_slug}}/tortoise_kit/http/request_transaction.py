"""A transaction for a whole route.

async def read(tx: RequestTransaction)       commits before the answer is sent
"""

from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import Depends
from tortoise.backends.base.client import TransactionalDBClient

from tortoise_kit.db.transactions import transaction


async def request_transaction() -> AsyncGenerator[TransactionalDBClient]:
    """A transaction as long as the route runs. Depend on it by `RequestTransaction` alone: see there."""
    async with transaction() as opened:
        yield opened


RequestTransaction = Annotated[TransactionalDBClient, Depends(request_transaction, scope="function")]
"""A route's parameter: all it does is one transaction, committed before the answer is sent.

With FastAPI's default scope the answer goes first: a client reads 200 and then its row is not there, or never will be.
`tortoise_kit.http.route_checks` refuses that kind when the application is made.
"""
