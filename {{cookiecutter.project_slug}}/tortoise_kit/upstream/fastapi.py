"""What of FastAPI and Starlette is not public."""

from collections.abc import Iterator
from typing import Any

from fastapi._compat import field_annotation_is_sequence
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from starlette._utils import get_route_path


def frontend_paths(router: Any) -> Iterator[str]:
    """The paths of a router's `frontend` routes: FastAPI (0.165) keeps them apart, and not in `routes`."""
    for group in router._low_priority_routes:
        yield from (route.path for route in group.routes)


def dependants(dependant: Dependant) -> Iterator[Dependant]:
    """What a route depends on, itself first, at any depth; a dependency of two comes twice."""
    yield dependant
    for each in dependant.dependencies:
        yield from dependants(each)


def query_parameters(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """The query parameters that one function reads: their names, and whether they are lists."""
    yield from _members(dependant.query_params)


def header_parameters(dependant: Dependant) -> Iterator[str]:
    """The headers that one function reads."""
    yield from (name.replace("_", "-") for name, _ in _members(dependant.header_params))


def form_fields(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """The same of a form's fields."""
    yield from _members(dependant.body_params)


def _members(parameters: Any) -> Iterator[tuple[str, bool]]:
    for parameter in parameters:
        kind = parameter.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):  # each of its members is one
            yield from ((info.alias or name, _is_list(info)) for name, info in kind.model_fields.items())
        else:
            yield parameter.alias, _is_list(parameter.field_info)


def _is_list(info: FieldInfo) -> bool:
    return field_annotation_is_sequence(info.annotation)


def served_dependant(scope: Any) -> Dependant | None:
    """What the route that serves a request depends on."""
    route = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return getattr(route, "dependant", None)


def route_path(scope: Any) -> str:
    """The path of a request as routes know it, without the `root_path` that a proxy or a mount has taken."""
    return get_route_path(scope)
