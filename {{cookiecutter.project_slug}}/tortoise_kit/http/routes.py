"""Routes: the kit's router, a transaction for a whole route, policies, and names."""

from collections.abc import AsyncGenerator, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from tortoise.backends.base.client import TransactionalDBClient

from tortoise_kit.db.transactions import transaction
from tortoise_kit.http.streams import Route


class Router(APIRouter):
    """FastAPI's APIRouter, with its arguments, but its routes are the kit's: see `Route`.

    Args:
        args: FastAPI's.
        route_class: The class of its routes, derived from `Route`.
        body_bytes_max: The most bytes of a body, 1 or more, where its routes need less than the service allows. The 413
            is a problem; with FastAPI's own `max_body_size` it is plain text.
        options: FastAPI's.
    """

    def __init__(
        self, *args: Any, route_class: type[APIRoute] = Route, body_bytes_max: int | None = None, **options: Any
    ) -> None:
        if body_bytes_max is not None:
            route_class = type("LimitedRoute", (route_class,), {"body_bytes_max": body_bytes_max})
        super().__init__(*args, route_class=route_class, **options)


async def request_transaction() -> AsyncGenerator[TransactionalDBClient]:
    """A transaction as long as the route runs. Depend on it only by `RequestTransaction`: see there."""
    async with transaction() as opened:
        yield opened


RequestTransaction = Annotated[TransactionalDBClient, Depends(request_transaction, scope="function")]
"""A route's parameter: all the route does is one transaction, committed before the response is sent.

With FastAPI's default scope the response is sent before COMMIT, so a client may read 200 for a row that is not there
yet, or never will be. `check_routes` rejects that.
"""


deciders: set[Callable[..., Any]] = set()


def policy[**Parameters, Result](dependency: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Mark a dependency as one that decides who may call a route, even if it lets everybody; see `check_routes`."""
    deciders.add(dependency)
    return dependency


def operation_id(route: APIRoute) -> str:
    """The name of a route's function, for `FastAPI(generate_unique_id_function=operation_id)`.

    It is what a generated client calls its method. FastAPI's own has the path too, so each method would have another
    name once a prefix changes.
    """
    return route.name
