"""What the lists in each feature's `tests/NAME/contract.py` hold; the tests of this folder run over all of them.

* `ACCESS`: which status each caller gets from a route.
* `BUDGETS`: how many queries a route sends at most, whatever the number of rows.
* `HOSTILE`: requests that no client should send, with their statuses; `make_rows` creates the rows they refer to.
* `LISTS`: lists that are paged, whose query plans are read.
"""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from app.accounts.models import Role, User
from app.features import FEATURES
from app.main import create_app
from app.settings import Settings
from tortoise_kit.development.testing import Place, declared_here

API = "/api/v1"
CALLERS = (None, Role.MEMBER, Role.STAFF, Role.ADMIN)
"""Who calls a route: a client without a login, and each role."""

EVERYBODY = (200, 200, 200, 200)
SIGNED_IN = (401, 200, 200, 200)
STAFF = (401, 403, 200, 200)
ADMIN = (401, 403, 403, 200)
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
        """Where the call goes: the path of `GET /notes/{note_id}` with its values."""
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
        place: Where it is declared.
    """

    route: str
    statuses: tuple[int, int, int, int]
    prepare: Callable[[User | None], Awaitable[Call]] = nothing
    name: str = ""
    place: Place = field(default_factory=declared_here, kw_only=True)

    def __str__(self) -> str:
        return f"{self.route} {self.name}".strip()


@dataclass(frozen=True)
class Budget:
    """How many queries a route sends at most. The number may not grow with the rows.

    Attributes:
        route: Its method and path.
        queries: The most, with the one for the user if the route needs a login; without BEGIN and COMMIT.
        prepare: Creates that number of rows of everything the route touches, and returns the call.
        per_database: Another number for one database.
        place: Where it is declared.
    """

    route: str
    queries: int
    prepare: Callable[[int], Awaitable[Call]] = nothing
    per_database: dict[str, int] = field(default_factory=dict)
    place: Place = field(default_factory=declared_here, kw_only=True)

    @property
    def most(self) -> dict[str, int]:
        """The number for each database."""
        return {"sqlite": self.queries, "postgres": self.queries, **self.per_database}

    def __str__(self) -> str:
        return f"{self.route} {self.prepare.__name__}"


@dataclass(frozen=True, kw_only=True)
class Hostile:
    """One request; `{note}` in its path and texts stands for the row of this name that `make_rows` returns."""

    name: str
    method: str = "GET"
    path: str
    status: int
    role: Role | None = None
    json: Any = None
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    place: Place = field(default_factory=declared_here)

    def body(self, rows: dict[str, Any]) -> tuple[bytes | None, dict[str, str]]:
        """The body, with rows in place of the texts that name them, and the headers."""
        if self.json is not None:
            return json.dumps(filled(self.json, rows)).encode(), {**JSON, **self.headers}
        content = self.content
        for name, value in rows.items():
            content = content and content.replace(f'"{{{name}}}"'.encode(), json.dumps(value).encode())
        return content, self.headers

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


def filled(value: Any, rows: dict[str, Any]) -> Any:
    """`value` with rows in place of the texts that name them."""
    if isinstance(value, dict):
        return {name: filled(each, rows) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, rows) for each in value]
    return rows.get(value[1:-1], value) if isinstance(value, str) and value[:1] == "{" else value


@dataclass(frozen=True)
class Paged:
    """A list, which an index serves in each of its orders.

    Attributes:
        path: Its path. A parameter in it is what `make_many` returned, or its key.
        table: The table whose rows it pages.
        make_many: Fills the table with ROWS rows or more, with ties and out of order, so that the planner has a choice.
            If it returns a user, that user reads the list, otherwise an admin does.
        queries: Filters with an order, such as `status=paid&order_by=-created_at`, which an index serves as well; `{}`
            in one stands for what `make_many` returned, or for its key.
        accepted: Orders and queries that no index serves, each with the reason.
        place: Where it is declared.
    """

    path: str
    table: str
    make_many: Callable[[], Awaitable[object]]
    queries: tuple[str, ...] = ()
    accepted: dict[str, str] = field(default_factory=dict)
    place: Place = field(default_factory=declared_here, kw_only=True)

    def url(self, made: object, query: str) -> str:
        """The list with this query, once `make_many` has returned `made`."""
        key = str(getattr(made, "pk", made))
        return f"{re.sub(r'{[a-z_]+}', key, self.path)}?{query.format(key)}"

    def __str__(self) -> str:
        return self.path


def nested(levels: int) -> Any:
    """A list in a list in a list."""
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value


FEATURE_NAMES = [feature.rpartition(".")[2] for feature in FEATURES]
SERVICE = "the service"
"""What belongs to no feature, such as `/health/live`; its lines are in the tests of this folder."""


def of_features(*others: str) -> list[Any]:
    """The names of all features, as parameters; `pytest tests/NAME` runs the tests of that one."""
    return [*others, *(pytest.param(name, marks=pytest.mark.feature(name)) for name in FEATURE_NAMES)]


@cache
def routes() -> dict[str, dict[str, Any]]:
    """The routes of each feature and of the service by method and path; the documentation's pages are FastAPI's."""
    found: dict[str, dict[str, Any]] = {name: {} for name in (SERVICE, *FEATURE_NAMES)}
    for route in create_app(Settings(environment="test")).routes:
        for each in getattr(route, "effective_route_contexts", lambda route=route: [route])():
            if hasattr(each, "dependant"):
                package = each.endpoint.__module__.rpartition(".")[0]
                feature = package.rpartition(".")[2] if package in FEATURES else SERVICE
                found[feature] |= {f"{method} {each.path_format}": each for method in each.methods}
    return found


def contract_of(feature: str) -> str:
    """The file whose lists have a feature's lines."""
    return "tests/contract/test_routes.py" if feature == SERVICE else f"tests/{feature}/contract.py"


def contracts() -> dict[str, ModuleType]:
    """The modules `contract.py` of the features that have one, by their names."""
    tests = Path(__file__).parents[1]
    names = [name for name in FEATURE_NAMES if (tests / name / "contract.py").exists()]
    return {name: import_module(f"tests.{name}.contract") for name in names}


def listed(name: str) -> dict[str, list[Any]]:
    """What the lists of this name hold, by feature."""
    return {feature: list(getattr(contract, name, ())) for feature, contract in contracts().items()}


def cases(by_feature: dict[str, list[Any]]) -> list[Any]:
    """The lines of lists as parameters."""
    return [
        pytest.param(case, id=str(case), marks=[pytest.mark.feature(feature)] if feature != SERVICE else [])
        for feature, found in by_feature.items()
        for case in found
    ]
