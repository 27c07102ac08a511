"""The requests that are measured, and the apps that answer them."""

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from rich.progress import track

import benchmarks

API = "/api/v1"
STAFF_ID = 2  # the seed's second user
ITEMS_OF_AN_ORDER = 3
BODIES = 64
# The seed makes 200 products or more; these two are made as long as their name says, and are never ordered.
KILOBYTE_PRODUCT, FIVE_KILOBYTES_PRODUCT, PLAIN_PRODUCT = 1, 2, 3
LAST_ORDERED_PRODUCT = 200


@dataclass(frozen=True)
class Subject:
    """One kind of request.

    Attributes:
        signed_in: Whether staff's token comes along.
        bodies: What is sent, in turns; none for a GET.
        status: Of the answer that is right.
    """

    name: str
    path: str
    signed_in: bool = False
    bodies: tuple[bytes, ...] = ()
    status: int = 200

    @property
    def method(self) -> str:
        """GET, or POST where something is sent."""
        return "POST" if self.bodies else "GET"


@dataclass(frozen=True)
class Entrant:
    """One app.

    Attributes:
        factory: Where it is made, as uvicorn writes it.
        creates: Whether it places orders, too.
        middlewares: Without them it is only measured in process, since nobody would serve it like that.
        folder: The service whose `app` it is, or whose settings and models it uses.
    """

    name: str
    factory: str
    creates: bool = True
    middlewares: bool = True
    folder: Path = benchmarks.SERVICE


def _orders() -> tuple[bytes, ...]:
    rng = random.Random(0)  # noqa: S311  # data to play with
    products = range(PLAIN_PRODUCT + 1, LAST_ORDERED_PRODUCT + 1)
    baskets = [rng.sample(products, ITEMS_OF_AN_ORDER) for _ in range(BODIES)]
    return tuple(
        json.dumps({"items": [{"product_id": product, "quantity": 1} for product in basket]}).encode()
        for basket in baskets
    )


LIST, KEY, CREATE = "50 orders", "product by key", "create an order"
SUBJECTS = (
    Subject(LIST, f"{API}/orders?status=shipped&limit=50", signed_in=True),
    Subject(KEY, f"{API}/products/{PLAIN_PRODUCT}"),
    Subject("product of 1 kB", f"{API}/products/{KILOBYTE_PRODUCT}"),
    Subject("product of 5 kB", f"{API}/products/{FIVE_KILOBYTES_PRODUCT}"),
    Subject("20 products", f"{API}/products?limit=20"),
    Subject(CREATE, f"{API}/orders", signed_in=True, bodies=_orders(), status=201),
)

SERVICE, BEFORE, BARE = "service", "service before", "service, no middleware"
SQLALCHEMY, TORTOISE, ASYNCPG, LIMIT = "SQLAlchemy", "Tortoise as documented", "asyncpg + orjson", "limit"
TWINS = "benchmarks.compare.twins"
ENTRANTS = (
    Entrant(SERVICE, "app.main:create_app"),
    Entrant(BARE, "benchmarks.compare.bare:create_app", middlewares=False),
    Entrant(SQLALCHEMY, f"{TWINS}.by_sqlalchemy:create_app"),
    Entrant(TORTOISE, f"{TWINS}.by_tortoise:create_app"),
    Entrant(ASYNCPG, f"{TWINS}.by_asyncpg:create_app"),
    Entrant(LIMIT, f"{TWINS}.by_starlette:create_app", creates=False),
)


def entrants(against: Path | None) -> tuple[Entrant, ...]:
    """The service and its twins; or the service and an older one, of which this is the folder."""
    if against is None:
        return ENTRANTS
    return (ENTRANTS[0], Entrant(BEFORE, ENTRANTS[0].factory, folder=against.resolve()))


def answers(entrant: Entrant, subject: Subject) -> bool:
    """Whether an app answers a subject."""
    return entrant.creates or not subject.bodies


def turns(rounds: int, description: str) -> Iterable[tuple[Subject, int]]:
    """Each subject with round 0, in which the apps warm up, and then as many as are measured; shows a bar.

    One subject after the other: what writes is the last, since a list of shipped orders reads past the newest ones.
    """
    return track(list(product(SUBJECTS, range(rounds + 1))), description=description)
