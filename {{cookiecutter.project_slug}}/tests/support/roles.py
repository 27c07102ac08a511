"""Who gets which status from a route: each feature lists its own in `roles.py`, and `test_roles.py` asks for all."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from app.accounts.models import Role, User

CALLERS = (None, Role.CUSTOMER, Role.STAFF, Role.ADMIN)
"""Nobody, and each role."""

EVERYBODY_READS = (200, 200, 200, 200)
STAFF_READ = (401, 403, 200, 200)
STAFF_CREATE = (401, 403, 201, 201)
USERS_READ = (401, 200, 200, 200)


@dataclass(frozen=True)
class Given:
    """What a call sends; a path's parameters by their names."""

    path: dict[str, Any] = field(default_factory=dict)
    json: Any = None
    form: dict[str, str] | None = None


async def nothing(_caller: User | None) -> Given:
    return Given()


@dataclass(frozen=True)
class Rule:
    """One call of a route: the statuses for CALLERS, and a function that makes what the call by that caller needs."""

    method: str
    path: str
    statuses: tuple[int, int, int, int]
    prepare: Callable[[User | None], Awaitable[Given]] = nothing
    name: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.name}".strip()
