"""The dependency of routes that carry out a request once, by the header `Idempotency-Key`.

async def create_book(user: SignedIn, new: BookCreate, request: Request, idempotent: Idempotent) -> Response:
    async def create() -> Response:
        book = await service.create_book(new, user)
        return created_response(request, book, BookRead, "read_book", book_id=book.id)

    return await idempotent(create)
"""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request

from app.accounts.policies import SignedIn
from app.idempotency.models import IdempotencyKey
from tortoise_kit.idempotency import IdempotencyKeyHeader, IdempotentRequest


async def _idempotent(request: Request, user: SignedIn, key: IdempotencyKeyHeader = None) -> IdempotentRequest:
    lifetime = timedelta(seconds=request.app.state.settings.idempotency_key_lifetime_seconds)
    return await IdempotentRequest.read(request, key, table=IdempotencyKey, caller_id=user.id, lifetime=lifetime)


Idempotent = Annotated[IdempotentRequest, Depends(_idempotent)]
"""A route's parameter: `await idempotent(operation)` runs the operation in one transaction with the user's key."""
