"""Routes that carry out a request once, however often it comes: by the header `Idempotency-Key`.

async def place_order(user: SignedIn, new: OrderCreate, once: Once) -> Response:
    return await once(partial(_place, user, new))
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request, Response

from app.accounts.policies import SignedIn
from app.idempotency.models import IdempotencyKey
from tortoise_kit.idempotency import Claim, KeyHeader, answer_once, digest_of, refuse_several_keys


class Carrier:
    """Carries out one request of one user."""

    def __init__(self, claim: Claim | None) -> None:
        self._claim = claim

    async def __call__(self, effect: Callable[[], Awaitable[Response]]) -> Response:
        """What `effect` answers, or answered when this key came first; without a key it is just run.

        Raises:
            Unprocessable: The key came before, with another request.
        """
        return await effect() if self._claim is None else await answer_once(IdempotencyKey, self._claim, effect)


async def _carrier(request: Request, user: SignedIn, key: KeyHeader = None) -> Carrier:
    if key is None:
        return Carrier(None)
    refuse_several_keys(request)
    lifetime = request.app.state.idempotency_lifetime
    return Carrier(Claim(caller_id=user.id, key=key, digest=await digest_of(request), lifetime=lifetime))


Once = Annotated[Carrier, Depends(_carrier)]
"""A route's parameter: does what the route does in one transaction with the user's key, if they send one."""
