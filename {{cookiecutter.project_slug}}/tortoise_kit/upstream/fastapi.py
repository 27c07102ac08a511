"""What of FastAPI and Starlette is not public."""

from collections.abc import Awaitable, Callable, Generator, Iterator
from copy import copy
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from fastapi import Request, Response, routing
from fastapi._compat import field_annotation_is_sequence
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_typed_return_annotation
from fastapi.routing import (
    APIRoute,
    APIRouter,
    _apply_router_form_limits,
    _effective_route_context_var,
    _endpoint_context_cache,
    _extract_endpoint_context,
    _IncludedRouter,
)
from fastapi.telemetry._api import _route_selected
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from starlette._utils import get_route_path
from starlette.routing import BaseRoute, Route
from starlette.types import Scope

_SERVING = ("get_request_handler", "solve_dependencies", "run_endpoint_function", "serialize_response")

type Handler = Callable[[Request], Awaitable[Response]]


def frontend_paths(router: Any) -> Iterator[str]:
    """The paths of a router's `frontend` routes: FastAPI (0.165) keeps them apart, and not in `routes`."""
    return (route.path for group in router._low_priority_routes for route in group.routes)


def dependants(dependant: Dependant) -> Iterator[Dependant]:
    """What a route depends on, itself first, at any depth; a dependency of two comes twice."""
    yield dependant
    for each in dependant.dependencies:
        yield from dependants(each)


def query_parameters(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """The query parameters that one function reads: their names, and whether they are lists."""
    return _members(dependant.query_params)


def query_names(dependant: Dependant) -> Iterator[str]:
    """Their names only, which a request can afford."""
    yield from (name for name, _ in _fields(dependant.query_params))


def header_parameters(dependant: Dependant) -> Iterator[str]:
    """The headers that one function reads."""
    yield from (name.replace("_", "-") for name, _ in _fields(dependant.header_params))


def form_fields(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """The same of a form's fields."""
    yield from _members(dependant.body_params)


def _members(parameters: Any) -> Iterator[tuple[str, bool]]:
    yield from ((name, field_annotation_is_sequence(info.annotation)) for name, info in _fields(parameters))


def _fields(parameters: Any) -> Iterator[tuple[str, FieldInfo]]:
    for parameter in parameters:
        kind = parameter.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):  # each of its members is one
            yield from ((info.alias or name, info) for name, info in kind.model_fields.items())
        else:
            yield parameter.alias, parameter.field_info


def served_dependant(scope: Any) -> Dependant | None:
    """What the route that serves a request depends on."""
    route = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return getattr(route, "dependant", None)


def route_path(scope: Any) -> str:
    """The path of a request as routes know it, without the `root_path` that a proxy or a mount has taken."""
    return get_route_path(scope)


def effective_route(route: APIRoute) -> Any:
    """What a route is while its handler is made: with the prefix and the dependencies of `include_router`."""
    context = _effective_route_context_var.get()
    return context if context is not None and context.original_route is route else route


def embeds_body(effective: Any) -> bool:
    """Whether each parameter of a route's body is a member of it."""
    return bool(effective._embed_body_fields)


def returns_response(function: Callable[..., Any]) -> bool:
    """Whether a function says that it returns a Response, which FastAPI sends as it is."""
    annotation = get_typed_return_annotation(function)
    return isinstance(annotation, type) and issubclass(annotation, Response)


def response_handler(route: APIRoute, effective: Any, dependant: Dependant, *, function: Callable[..., Any]) -> Handler:
    """FastAPI's handler of a route that calls `dependant`, and makes a response of its result as of `function`'s."""
    _endpoint_context_cache[id(dependant.call)] = _extract_endpoint_context(function)  # for errors about the response
    bare = copy(effective)
    bare.dependant, bare.body_field = dependant, None
    token = _effective_route_context_var.set(None if effective is route else bare)
    try:
        return APIRoute.get_route_handler(bare if effective is route else route)
    finally:
        _effective_route_context_var.reset(token)


def is_traced(request: Request) -> bool:
    """Whether FastAPI's telemetry observes a request."""
    return request.scope.get("fastapi.telemetry") is not None


def is_instrumented() -> bool:
    """Whether an agent, such as that of an error tracker, has replaced functions by which FastAPI serves a request."""
    return not all(_is_own(vars(routing)[name]) for name in _SERVING)


def _is_own(function: Any) -> bool:
    own = type(function) is FunctionType and not hasattr(function, "__wrapped__")
    return own and function.__module__.startswith("fastapi.")


def routes_versions(router: APIRouter) -> Callable[[], list[int]]:
    """Reads numbers of which one changes when a route is added to a router, or to one that it includes by now."""
    routers = [router]
    for each in routers:
        routers += [route.original_router for route in each.routes if isinstance(route, _IncludedRouter)]
    return lambda: [each._routes_version for each in routers]


@dataclass(frozen=True)
class Served:
    """A route as a router serves it.

    Attributes:
        route: The route.
        effective: Its path, methods, name and parameters: the route itself, or what `include_router` makes of it.
        is_plain: Whether its path and its methods decide whether it serves a request; if not, ask `effective.matches`.
        included: The routers that include it, outermost first.
    """

    route: Any
    effective: Any
    is_plain: bool
    included: tuple[Any, ...] = ()

    def select(self, scope: Scope) -> None:
        """Note in a request that this route serves it, as routing does."""
        for included in self.included:
            _apply_router_form_limits(scope, included.include_context.form_limits)
        if self.included:
            keys = {"included_router": self.included[-1], "effective_route_context": self.effective}
            scope.setdefault("fastapi", {}).update(keys)
        if isinstance(self.route, APIRoute):
            scope["route"] = self.route
        _route_selected(scope=scope, path=self.effective.path_format)


def served_routes(routes: list[BaseRoute]) -> Iterator[Served]:
    """The routes among `routes` and of the routers among them, in the order in which routing asks them.

    It ends before a router or a route of one whose class decides otherwise what it serves.
    """
    for route in routes:
        if not isinstance(route, _IncludedRouter):
            yield Served(route, route, is_plain=_is_plain(route))
        elif not (yield from _included_routes(route, (route,))):
            return


def _included_routes(router: Any, included: tuple[Any, ...]) -> Generator[Served, None, bool]:
    """Those of an included router; whether they are all."""
    if type(router.original_router).matches is not APIRouter.matches:
        return False
    for candidate in router.effective_candidates():
        if isinstance(candidate, _IncludedRouter):
            if not (yield from _included_routes(candidate, (*included, candidate))):
                return False
        elif not isinstance(candidate.original_route, APIRoute):
            yield Served(candidate.original_route, candidate.starlette_route, is_plain=False)
        elif not _is_plain(candidate.original_route):
            return False
        else:
            yield Served(candidate.original_route, candidate, is_plain=True, included=included)
    return True


def _is_plain(route: Any) -> bool:
    return getattr(type(route), "matches", None) in {APIRoute.matches, Route.matches} and bool(route.methods)
