"""Checks of all routes when the application is made: what would be wrong at run time is an error at start."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from tortoise_kit.http.docs import DocumentationRoute
from tortoise_kit.http.route_table import RouteTable
from tortoise_kit.http.routes import deciders, request_transaction
from tortoise_kit.schemas.relations import check_schemas
from tortoise_kit.upstream.fastapi import dependants, frontend_paths, query_parameters


class LateCommitError(Exception):
    """A route would commit its transaction after its response is sent."""


class OpenRouteError(Exception):
    """A route does not say who may call it."""


class RepeatedParameterError(Exception):
    """A route reads one query parameter for two purposes."""


class RepeatedNameError(Exception):
    """Two routes have one name, so that a generated client would have one method for both."""


def check_routes(app: FastAPI, *, policies: bool = True) -> None:
    """Check all routes of `app`, once they are all added; those of included routers too.

    Args:
        app: The application.
        policies: Whether each route must depend on a `policy` itself. One given to `include_router` does not count: the
            route's own source must show who may call it. The documentation needs none. A mounted application has the
            policy that was passed to `mount`.

    Raises:
        LateCommitError: A route would commit after its response: it uses `RequestTransaction` with another scope.
        RepeatedParameterError: Two parts of a route read one query parameter, as a filter `limit` of a list.
        RepeatedNameError: Two routes of the documentation have functions of one name; see `operation_id`.
        OpenRouteError: A route has no policy, or cannot have one because it is not FastAPI's, such as `app.mount`.
        ConfigurationError: A response model shows relations that cannot be read: without an end, more than 8 levels
            deep, or a list as one row.
    """
    forbid_late_commits(app)
    forbid_repeated_parameters(app)
    forbid_repeated_names(app)
    for model in _response_models(app.routes):
        check_schemas(model)
    if policies:
        require_policies(app)


def forbid_late_commits(app: FastAPI) -> None:
    """Raise LateCommitError for a route that depends on `request_transaction` with FastAPI's default scope."""
    for path, dependant in _dependants(app.routes):
        if any(each.call is request_transaction and each.scope != "function" for each in dependants(dependant)):
            message = f"{path} would commit after its response: declare the parameter as RequestTransaction."
            raise LateCommitError(message)


def forbid_repeated_parameters(app: FastAPI) -> None:
    """Raise RepeatedParameterError for a route of which two parts read one query parameter."""
    for path, dependant in _dependants(app.routes):
        parts = {each.call: each for each in dependants(dependant)}.values()
        counted = Counter(name for part in parts for name, _ in query_parameters(part))
        if repeated := [name for name, times in counted.items() if times > 1]:
            message = f"{path} reads the query parameter {repeated[0]!r} twice: rename one, or give it an alias."
            raise RepeatedParameterError(message)


def forbid_repeated_names(app: FastAPI) -> None:
    """Raise RepeatedNameError for two routes of which a generated client would make one method."""
    paths: dict[str, str] = {}
    for route in iter_route_contexts(app.routes):
        if not (hasattr(route, "unique_id") and route.include_in_schema):
            continue
        here = f"{'/'.join(sorted(route.methods or ()))} {route.path}"
        if (other := paths.setdefault(route.unique_id, here)) != here:
            message = f"{here} and {other} have one name, {route.unique_id}: rename one of their functions."
            raise RepeatedNameError(message)


def require_policies(app: FastAPI) -> None:
    """Raise OpenRouteError for a route without a policy."""
    pages = {app.openapi_url, app.docs_url, app.redoc_url, app.swagger_ui_oauth2_redirect_url}
    for path, dependant in _dependants(app.routes):
        if not any(each.call in deciders for each in dependants(dependant)):
            message = f"{path} does not say who may call it: add a parameter of one of the policies."
            raise OpenRouteError(message)
    for path in (*frontend_paths(app.router), *_others(app.routes)):
        if path not in pages:
            message = (
                f"{path} is open to all: it is not a FastAPI route, so it has no policy. Mount it with one: "
                f"tortoise_kit.http.mount(app, {path!r}, ..., policy=...)."
            )
            raise OpenRouteError(message)


def _dependants(routes: list[Any]) -> Iterator[tuple[str, Dependant]]:
    for route in routes:
        if (included := getattr(route, "original_router", None)) is not None:
            yield from _dependants(included.routes)
        elif (dependant := getattr(route, "dependant", None)) is not None:
            yield route.path, dependant


def _response_models(routes: list[Any]) -> Iterator[Any]:
    for route in routes:
        if (included := getattr(route, "original_router", None)) is not None:
            yield from _response_models(included.routes)
        else:
            yield getattr(route, "response_model", None)


def _others(routes: list[Any]) -> Iterator[str]:
    for route in routes:
        if (included := getattr(route, "original_router", None)) is not None:
            yield from (*frontend_paths(included), *_others(included.routes))
        elif getattr(route, "dependant", None) is None and not isinstance(route, DocumentationRoute | RouteTable):
            yield str(getattr(route, "path", route))
