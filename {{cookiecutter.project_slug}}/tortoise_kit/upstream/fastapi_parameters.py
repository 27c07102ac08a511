"""How FastAPI (0.165) reads the parameters of a route and calls its dependencies: what of that is not documented."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from copy import deepcopy
from functools import partial
from typing import Any

from fastapi import Request, params
from fastapi._compat import ModelField, Undefined, field_annotation_is_sequence
from fastapi._compat.v2 import get_cached_model_fields
from fastapi.concurrency import run_in_threadpool
from fastapi.dependencies.models import (
    Dependant,
    _get_cache_key,
    _get_oauth_scopes,
    _is_async_gen_callable,
    _is_coroutine_callable,
    _is_gen_callable,
)
from fastapi.dependencies.utils import (
    _get_form_models,
    _get_multidict_extras,
    _get_param_aliases,
    _get_param_model,
    _is_json_field,
    _should_embed_body_fields,
    _solve_generator,
)
from fastapi.security import SecurityScopes

MISSING: Any = Undefined
PATH, QUERY, HEADER, COOKIE, BODY = range(5)
"""Where a parameter is read: the places of what a request sent in the sequence that `readers` expect."""

type Read = Callable[[Any], Any]

_PLAIN = (str, int, float, bool, type(None))  # needs no copy


class NotCompilable(Exception):
    """FastAPI must read this parameter, or call this function, itself."""


def cache_key(dependant: Dependant) -> Any:
    """What FastAPI remembers the result of a dependency by, for the rest of a request."""
    return _get_cache_key(dependant=dependant)


def is_coroutine(call: Any) -> bool:
    """Whether FastAPI awaits a function; it runs others in a thread, and generators as context managers."""
    return _is_coroutine_callable(call) and not _is_generator(call)


def _is_generator(call: Any) -> bool:
    return _is_gen_callable(call) or _is_async_gen_callable(call)


def caller(dependant: Dependant) -> Callable[..., Awaitable[Any]]:
    """Calls a dependency that is no coroutine function: `await call(request, arguments)`."""
    call: Any = dependant.call
    is_generator = _is_generator(call)
    stack_name = "fastapi_function_astack" if dependant.scope == "function" else "fastapi_inner_astack"

    async def run(request: Request, arguments: dict[str, Any]) -> Any:
        if not is_generator:
            return await run_in_threadpool(call, **arguments)
        stack = request.scope[stack_name]
        return await _solve_generator(dependant=dependant, stack=stack, sub_values=arguments, request=request)

    return run


def security_scopes(dependant: Dependant) -> Callable[[], SecurityScopes]:
    """Makes the value of a parameter of the type `SecurityScopes`."""
    return partial(SecurityScopes, _get_oauth_scopes(dependant=dependant))


def readers(dependant: Dependant, *, embeds: bool) -> Iterator[tuple[int, str, Read]]:
    """The parameters that a function reads of a request: where, as which argument, and how.

    A reader takes what the request sent, and raises an error where FastAPI reports an invalid or a missing value.

    Args:
        dependant: The function.
        embeds: Whether the route reads each parameter of a body from a member of its name.

    Raises:
        NotCompilable: FastAPI must read one of them.
    """
    sources = (dependant.path_params, dependant.query_params, dependant.header_params, dependant.cookie_params)
    for source, fields in enumerate(sources):
        for field in fields:
            model = _get_param_model(field)
            yield source, field.name, _parameter(field, source) if model is None else _model(field, model, source)
    for field in dependant.body_params:
        if _get_form_models(field) or isinstance(field.field_info, params.Form):
            raise NotCompilable
        is_whole_body = len(dependant.body_params) == 1 and not embeds and not _should_embed_body_fields([field])
        yield BODY, field.name, _value(field) if is_whole_body else _member(field)


def _value(field: ModelField) -> Read:
    """Validates a value; MISSING is the default, if there is one."""
    validate = _validator(field)
    if field.field_info.is_required():
        return lambda value: validate(value) if value is not MISSING else _raise_missing(field)
    default = _default(field)
    if field.field_info.validate_default:
        return lambda value: validate(default() if value is MISSING else value)
    return lambda value: default() if value is MISSING else validate(value)


def _validator(field: ModelField) -> Read:
    return partial(field._type_adapter.validator.validate_python, from_attributes=True)


def _raise_missing(field: ModelField) -> Any:
    raise LookupError(field.name)


def _default(field: ModelField) -> Callable[[], Any]:
    if field.field_info.default_factory is None and isinstance(value := field.default, _PLAIN):
        return lambda: value
    return lambda: deepcopy(field.default)


def _parameter(field: ModelField, source: int) -> Read:
    aliases, extract, read = [name for _, name in _get_param_aliases(field)], _extractor(field, source), _value(field)
    if len(aliases) == 1:
        (alias,) = aliases
        return lambda sent: read(extract(sent, alias))
    return lambda sent: read(extract(sent, next((name for name in aliases if name in sent), aliases[0])))


def _extractor(field: ModelField, source: int) -> Callable[[Any, str], Any]:
    """Takes a value from what was sent; MISSING if it is not there, or an empty list."""
    if not field_annotation_is_sequence(field.field_info.annotation):
        return _one
    return _all if source in {QUERY, HEADER} and not _is_json_field(field) else _one_unless_empty


def _one(sent: Mapping[str, Any], name: str) -> Any:
    value = sent.get(name)
    return MISSING if value is None else value


def _one_unless_empty(sent: Mapping[str, Any], name: str) -> Any:
    return sent.get(name) or MISSING


def _all(sent: Any, name: str) -> Any:
    return sent.getlist(name) or MISSING


def _model(field: ModelField, model: Any, source: int) -> Read:
    """Reads a model whose members are query parameters. Its other kinds have rules that FastAPI keeps to itself."""
    annotation: Any = field.field_info.annotation
    if source != QUERY or annotation is not model:  # an optional one
        raise NotCompilable
    members = []
    for member in get_cached_model_fields(model):
        (key, name), *others = _get_param_aliases(member)
        if others:
            raise NotCompilable
        members.append((key, name, _extractor(member, source)))
    known, validate = {name for _, name, _ in members}, _validator(field)

    def read(sent: Mapping[str, Any]) -> Any:
        found = {key: value for key, name, get in members if (value := get(sent, name)) is not MISSING} if sent else {}
        if not known.issuperset(sent):
            found.update(_get_multidict_extras(sent, known))
        return validate(found)

    return read


def _member(field: ModelField) -> Read:
    aliases, read = [alias for alias, _ in _get_param_aliases(field)], _value(field)

    def member(body: Any) -> Any:
        if body is MISSING:
            return read(MISSING)
        return read(next((value for name in aliases if (value := body.get(name, MISSING)) is not MISSING), MISSING))

    return member
