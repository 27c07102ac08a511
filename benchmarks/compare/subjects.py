"""The requests that are measured, and the apps that answer them."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from rich.progress import track

import benchmarks

API = "/api/v1"
STAFF_ID = 2  # the seed's second user
ITEMS_OF_AN_ORDER = 3
VARIANTS = 64
# The seed has 200 products or more; one is made as long as its name says, and it is never ordered.
FIVE_KILOBYTES_PRODUCT, PLAIN_PRODUCT = 2, 3
LAST_ORDERED_PRODUCT = 200
READ_ORDER = 1_000
USUAL_CONNECTIONS, AT_ONCE = 32, 16
LOGINS_AT_ONCE = 8  # one network may let 8 logins wait for each core that hashes
MANY_CONNECTIONS = (500, 1_000)
JSON, FORM = "application/json", "application/x-www-form-urlencoded"

type Call = tuple[str, str]
"""A path and a body, empty for none."""


@dataclass(frozen=True)
class Subject:
    """One kind of request.

    Attributes:
        calls: Which are sent in turns.
        signed_in: Whether staff's token comes along.
        status: Of the response that is right.
        left_out: Members in which right responses differ, at any depth.
        at_once: Requests at the same time in process; `connections` over HTTP, none if it is not measured there.
        share: Of the usual number of requests in process.
    """

    name: str
    calls: tuple[Call, ...]
    method: Literal["GET", "POST", "PATCH", "DELETE"] = "GET"
    signed_in: bool = False
    content_type: str = ""
    status: int = 200
    left_out: frozenset[str] = frozenset({"next", "previous"})  # twins have no cursors
    at_once: int = AT_ONCE
    connections: tuple[int, ...] = (USUAL_CONNECTIONS,)
    share: float = 1.0

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.method == "GET"

    def requests(self, usual: int) -> int:
        """How many requests one round in process has."""
        return max(self.at_once, round(usual * self.share))


def under_load(subject: str, connections: int) -> str:
    """The name of a subject that this number of connections ask for."""
    return subject if connections in {USUAL_CONNECTIONS, LOGINS_AT_ONCE} else f"{subject}, {connections} connections"


@dataclass(frozen=True)
class Entrant:
    """One app.

    Attributes:
        factory: Where it is created, as uvicorn writes it.
        writes: Whether it has more than reads.
        middlewares: Without them it is only measured in process, since nobody would serve it like that.
        command: Whether the service's own command serves it, in place of uvicorn's.
        folder: The service whose `app` it is, or whose settings and models it uses.
    """

    name: str
    factory: str
    writes: bool = True
    middlewares: bool = True
    command: bool = False
    folder: Path = benchmarks.SERVICE


def _orders() -> tuple[Call, ...]:
    rng = random.Random(0)  # noqa: S311  # data to play with
    products = range(PLAIN_PRODUCT + 1, LAST_ORDERED_PRODUCT + 1)
    baskets = [rng.sample(products, ITEMS_OF_AN_ORDER) for _ in range(VARIANTS)]
    bodies = [{"items": [{"product_id": product, "quantity": 1} for product in basket]} for basket in baskets]
    return tuple((f"{API}/orders", json.dumps(body)) for body in bodies)


def _prices() -> tuple[Call, ...]:
    """Of different products, so that requests seldom wait for each other's rows."""
    products = range(PLAIN_PRODUCT, PLAIN_PRODUCT + VARIANTS)
    return tuple((f"{API}/products/{product}", json.dumps({"price": f"{product}.50"})) for product in products)


def _login() -> Call:
    from app.accounts.seed import KNOWN, KNOWN_PASSWORD  # noqa: PLC0415  # the service's folder may be another

    form = {"grant_type": "password", "username": KNOWN[STAFF_ID - 1], "password": KNOWN_PASSWORD}
    return f"{API}/auth/token", urlencode(form)


def product_path(product: int) -> str:
    """Where a product is."""
    return f"{API}/products/{product}"


LIST, KEY, PRODUCTS, FILTERED, NESTED = "50 orders", "product by key", "20 products", "filtered list", "order by key"
LOGIN, UPDATE, DELETE, CREATE = "log in", "change a price", "delete a product", "create an order"
FILTERS = "tag=sale&price_min=20&price_max=200&available=true&limit=20"
OF_A_ROW = frozenset({"id", "created_at", "updated_at"})
# What writes comes last: a list of shipped orders reads past the newest ones.
SUBJECTS = (
    Subject(LIST, ((f"{API}/orders?status=shipped&limit=50", ""),), signed_in=True),
    Subject(KEY, ((product_path(PLAIN_PRODUCT), ""),), connections=(USUAL_CONNECTIONS, *MANY_CONNECTIONS)),
    Subject("product of 5 kB", ((product_path(FIVE_KILOBYTES_PRODUCT), ""),)),
    Subject(PRODUCTS, ((f"{API}/products?limit=20", ""),)),
    Subject(FILTERED, ((f"{API}/products?{FILTERS}", ""),)),
    Subject(NESTED, ((f"{API}/orders/{READ_ORDER}", ""),), signed_in=True),
    Subject(
        LOGIN,
        (_login(),),
        "POST",
        content_type=FORM,
        left_out=frozenset({"access_token", "refresh_token"}),
        at_once=LOGINS_AT_ONCE,
        connections=(LOGINS_AT_ONCE,),
        share=0.04,
    ),
    Subject(UPDATE, _prices(), "PATCH", signed_in=True, content_type=JSON, left_out=OF_A_ROW),
    # Without a load over HTTP: how many rows that needs is not known before.
    Subject(DELETE, (), "DELETE", signed_in=True, status=204, connections=(), share=0.5),
    Subject(CREATE, _orders(), "POST", signed_in=True, content_type=JSON, status=201, left_out=OF_A_ROW),
)


def deleting(subject: Subject, products: Sequence[int]) -> Subject:
    """The subject that deletes these products, each once."""
    return replace(subject, calls=tuple((product_path(each), "") for each in products))


def named(name: str) -> Subject:
    """A subject by its name."""
    return next(subject for subject in SUBJECTS if subject.name == name)


SERVICE, BEFORE, BARE = "service", "service before", "service, no middleware"
SQLALCHEMY, TORTOISE, ASYNCPG, LIMIT = "SQLAlchemy", "Tortoise as documented", "asyncpg + orjson", "limit"
TWINS = "benchmarks.compare.twins"
ENTRANTS = (
    Entrant(SERVICE, "app.main:create_app", command=True),
    Entrant(BARE, "benchmarks.compare.bare:create_app", middlewares=False),
    Entrant(SQLALCHEMY, f"{TWINS}.by_sqlalchemy:create_app"),
    Entrant(TORTOISE, f"{TWINS}.by_tortoise:create_app"),
    Entrant(ASYNCPG, f"{TWINS}.by_asyncpg:create_app"),
    Entrant(LIMIT, f"{TWINS}.by_starlette:create_app", writes=False),
)


def entrants(against: Path | None) -> tuple[Entrant, ...]:
    """The service and its twins; or the service and an older one, of which this is the folder."""
    if against is None:
        return ENTRANTS
    return (ENTRANTS[0], replace(ENTRANTS[0], name=BEFORE, folder=against.resolve()))


def answers(entrant: Entrant, subject: Subject) -> bool:
    """Whether an app answers a subject."""
    return entrant.writes or subject.reads


def in_turns[T](apps: Sequence[T], round_number: int) -> Sequence[T]:
    """All apps, in each second round from the last to the first, so that nobody always follows the same one."""
    return apps[::-1] if round_number % 2 else apps


def turns(subjects: Sequence[Subject], rounds: int, description: str) -> Iterator[tuple[Subject, int]]:
    """Each subject with round 0, in which the apps warm up, and then as many as are measured; shows a bar."""
    yield from track(list(product(subjects, range(rounds + 1))), description=description)
