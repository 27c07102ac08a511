"""What an application's routes must not do, found when it is made and not by a client."""

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant

from tortoise_kit.http.request_transaction import request_transaction


class LateCommitError(Exception):
    """A route whose transaction would be committed after its answer is sent."""


class OpenRouteError(Exception):
    """A route that does not say who may call it."""


_policies: set[Callable[..., Any]] = set()


def policy[**Parameters, Result](dependency: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Mark a dependency as one that decides who may call a route; "everybody" is such a decision, too."""
    _policies.add(dependency)
    return dependency


def require_policies(app: FastAPI) -> None:
    """Check that every route of `app`, those of included routers too, depends on a policy of its own.

    What was given to `include_router` does not count: the route's own source must show who may call it. FastAPI's
    pages of documentation need none.

    Raises:
        OpenRouteError: A route has none, or is not FastAPI's (such as a mount) and cannot have one.
    """
    pages = {app.openapi_url, app.docs_url, app.redoc_url, app.swagger_ui_oauth2_redirect_url}
    for path, dependant in _dependants(app.routes):
        if not any(each.call in _policies for each in _below(dependant)):
            message = f"{path} does not say who may call it: give it a parameter of one of the policies."
            raise OpenRouteError(message)
    for path in _others(app.routes):
        if path not in pages:
            message = f"{path} is no route of FastAPI's, so it can have no policy: add it by a router."
            raise OpenRouteError(message)


def forbid_late_commits(app: FastAPI) -> None:
    """Check every route of `app`, those of included routers too.

    Raises:
        LateCommitError: A route depends on `request_transaction` with FastAPI's default scope.
    """
    for path, dependant in _dependants(app.routes):
        if any(each.call is request_transaction and each.scope != "function" for each in _below(dependant)):
            message = f"{path} would commit after its answer: declare the parameter as RequestTransaction."
            raise LateCommitError(message)


def _dependants(routes: list[Any]) -> Iterator[tuple[str, Dependant]]:
    for route in routes:
        if (included := getattr(route, "original_router", None)) is not None:
            yield from _dependants(included.routes)
        elif (dependant := getattr(route, "dependant", None)) is not None:
            yield route.path, dependant


def _others(routes: list[Any]) -> Iterator[str]:
    for route in routes:
        if (included := getattr(route, "original_router", None)) is not None:
            yield from _others(included.routes)
        elif getattr(route, "dependant", None) is None:
            yield str(getattr(route, "path", route))


def _below(dependant: Dependant) -> Iterator[Dependant]:
    for each in dependant.dependencies:
        yield each
        yield from _below(each)
