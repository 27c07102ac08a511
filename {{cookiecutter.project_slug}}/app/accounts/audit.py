"""The audit trail: what happens to accounts is written to a table and logged; what happens to logins is logged.

Log lines name users by their ids only: no e-mail address, no name, nothing that a client sent.
"""

import logging
from functools import partial
from typing import Any
from uuid import UUID

from app.accounts.models import AccountEvent, Event, User
from tortoise_kit.db import after_commit

log = logging.getLogger(__name__)


async def record(event: Event, user_id: int, *, actor: User | None, **detail: Any) -> None:
    """Write an event in the open transaction, and log it when that is committed.

    Args:
        event: What happened.
        user_id: To whose account.
        actor: Who did it; None for a command.
        detail: What else an admin wants to know, as JSON: no secrets, no addresses and no names.
    """
    actor_id = actor.id if actor else None
    await AccountEvent.create(kind=event, user_id=user_id, actor_id=actor_id, detail=detail)
    after_commit(partial(_log, event, actor_id=actor_id, user_id=user_id))


def log_failed_login(user: User | None, network: str) -> None:
    """Log a login that was rejected; the user is None if no account has the address."""
    log.info(Event.LOGIN_FAILED, extra={"user_id": user.id if user else None, "network": network})


def log_limited(limit: str, network: str) -> None:
    """Log an attempt that was rejected by a limit: `account`, `account-anywhere`, `address` or `refresh`."""
    log.warning(Event.LOGIN_LIMITED, extra={"limit": limit, "network": network})


def log_reused_token(user_id: int, family: UUID) -> None:
    """Log, once the transaction is committed, that an old refresh token was used and its login ended."""
    after_commit(partial(_log, Event.TOKEN_REUSED, level=logging.WARNING, user_id=user_id, family=str(family)))


async def _log(event: Event, *, level: int = logging.INFO, **fields: Any) -> None:
    log.log(level, event, extra=fields)
