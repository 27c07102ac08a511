"""What the lists in each feature's `tests/NAME/contract.py` hold; the tests of this folder run over all of them.

* `ACCESS`: which status each caller gets from a route.
* `BUDGETS`: how many queries a route sends, whatever the number of rows.
* `HOSTILE`: requests that no client should send, with their statuses; `make_rows` creates the rows they refer to.
* `LISTS`: lists that are paged, whose query plans are read.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from app.accounts.models import Role, User
from app.features import FEATURES

API = "/api/v1"
CALLERS = (None, Role.CUSTOMER, Role.STAFF, Role.ADMIN)
"""Who calls a route: a client without a login, and each role."""

EVERYBODY = (200, 200, 200, 200)
SIGNED_IN = (401, 200, 200, 200)
STAFF = (401, 403, 200, 200)
STAFF_CREATES = (401, 403, 201, 201)

INT64 = 2**63
MANY_DIGITS = "9" * 5000
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Call:
    """What a client sends to a route.

    Attributes:
        path: The values of the parameters in the route's path.
        query: Behind the question mark.
        json: The body, if it is JSON.
        form: The body, if it is a form.
        headers: What the call needs besides the token.
    """

    path: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    json: Any = None
    form: dict[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def url(self, route: str) -> str:
        """Where the call goes: the path of `GET /products/{product_id}` with its values."""
        return f"{route.partition(' ')[2].format(**self.path)}?{self.query}".removesuffix("?")


async def nothing(_: object) -> Call:
    """A call without parameters and without a body."""
    return Call()


@dataclass(frozen=True)
class Access:
    """The statuses of a route for CALLERS.

    Attributes:
        route: Its method and path.
        statuses: One for each of CALLERS, in their order.
        prepare: Creates the rows that the call of this caller needs, and returns the call.
        name: Tells several calls of one route apart.
    """

    route: str
    statuses: tuple[int, int, int, int]
    prepare: Callable[[User | None], Awaitable[Call]] = nothing
    name: str = ""

    def __str__(self) -> str:
        return f"{self.route} {self.name}".strip()


@dataclass(frozen=True)
class Budget:
    """How many queries a route sends, whatever the number of rows.

    Attributes:
        route: Its method and path.
        queries: The exact number, with the one for the user if the route needs a login; without BEGIN and COMMIT.
        prepare: Creates that number of rows of everything the route touches, and returns the call.
        per_database: Another number for one database.
    """

    route: str
    queries: int
    prepare: Callable[[int], Awaitable[Call]] = nothing
    per_database: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.route} {self.prepare.__name__}"


@dataclass(frozen=True, kw_only=True)
class Hostile:
    """One request; `{product}` in its path and texts stands for the row of this name that `make_rows` returns."""

    name: str
    method: str = "GET"
    path: str
    status: int
    role: Role | None = None
    json: Any = None
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


@dataclass(frozen=True)
class Paged:
    """A list.

    Attributes:
        path: Its path.
        table: The table whose rows it pages.
        make_many: Fills the table with ROWS rows or more, with ties and out of order, so that the planner has a choice.
    """

    path: str
    table: str
    make_many: Callable[[], Awaitable[object]]


def nested(levels: int) -> Any:
    """A list in a list in a list."""
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value


def contracts() -> list[ModuleType]:
    """The modules `contract.py` of all features that have one."""
    tests = Path(__file__).parents[1]
    names = [feature.partition(".")[2] for feature in FEATURES]
    return [import_module(f"tests.{name}.contract") for name in names if (tests / name / "contract.py").exists()]


def listed(name: str) -> list[Any]:
    """What the lists of this name hold, of all features."""
    return [case for contract in contracts() for case in getattr(contract, name, ())]
