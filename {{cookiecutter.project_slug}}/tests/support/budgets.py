"""How many queries a route may send: one line of a feature's `query_budgets.py`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

API = "/api/v1"


@dataclass(frozen=True)
class Call:
    """What a client sends to the route.

    Attributes:
        path: Below the API's prefix, with its values and its query.
        json: The body, if it has one.
        form: The body, if it is a form.
        headers: What it needs beside the token.
    """

    path: str
    json: dict[str, Any] | None = None
    form: dict[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Budget:
    """How many queries a route sends, whatever the number of rows.

    Attributes:
        route: Its method and path.
        queries: Exactly so many, with the one for the user of a route that wants one; BEGIN and COMMIT are not
            counted.
        prepare: Makes so many rows of everything that the route touches, and gives the call.
        per_database: Another number for one of them.
    """

    route: str
    queries: int
    prepare: Callable[[int], Awaitable[Call]]
    per_database: dict[str, int] = field(default_factory=dict)
