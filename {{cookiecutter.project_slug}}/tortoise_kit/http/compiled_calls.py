"""The calls of a route's dependencies and of its function, in FastAPI's order, known before a request comes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant

from tortoise_kit.upstream.fastapi_parameters import (
    NotCompilable,
    Read,
    cache_key,
    caller,
    is_coroutine,
    readers,
    security_scopes,
)

REQUEST, RESPONSE, BACKGROUND_TASKS = "request", "response", "background_tasks"

type Arguments = list[dict[str, Any]]  # of each call


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    Attributes:
        function: A coroutine function; None for others.
        run: Calls the others.
        reads: Where a parameter is read, as which argument, and how.
        takes: Arguments that are results of earlier calls, by their places.
        given: Arguments that are REQUEST, RESPONSE or BACKGROUND_TASKS.
        scopes: Arguments of the type `SecurityScopes`.
    """

    function: Callable[..., Awaitable[Any]] | None
    run: Callable[[Request, dict[str, Any]], Awaitable[Any]]
    reads: tuple[tuple[int, str, Read], ...]
    takes: tuple[tuple[str, int], ...]
    given: tuple[tuple[str, str], ...]
    scopes: tuple[tuple[str, Callable[[], Any]], ...]


class Calls:
    """The calls that serve a request: each dependency after those that it depends on, the route's function last.

    Args:
        dependant: The route's function, with its dependencies.
        embeds: Whether each parameter of the body is a member of it.

    Raises:
        NotCompilable: FastAPI must make the calls.
    """

    def __init__(self, dependant: Dependant, *, embeds: bool) -> None:
        self._calls: list[Call] = []
        self._places: dict[Any, int] = {}
        self._embeds = embeds
        self._add(dependant, is_route=True)
        self._reads = tuple(call.reads for call in self._calls)
        self.sources = {source for reads in self._reads for source, _, _ in reads}
        """Where parameters are read."""
        self.given = {what for call in self._calls for _, what in call.given}
        """What functions take of REQUEST, RESPONSE and BACKGROUND_TASKS."""

    def arguments(self, sent: dict[int, Any]) -> Arguments:
        """What the calls take of a request.

        Args:
            sent: What the client sent, by each of `sources`.

        Raises:
            Exception: A parameter is missing or invalid.
        """
        return [{name: read(sent[source]) for source, name, read in reads} for reads in self._reads]

    async def run(self, arguments: Arguments, **given: Any) -> Any:
        """Make the calls; the result of the last."""
        results: list[Any] = []
        for call, named in zip(self._calls, arguments, strict=True):
            for name, at in call.takes:
                named[name] = results[at]
            for name, what in call.given:
                named[name] = given[what]
            for name, scopes in call.scopes:
                named[name] = scopes()
            function = call.function
            results.append(await (function(**named) if function else call.run(given[REQUEST], named)))
        return results[-1]

    def _add(self, dependant: Dependant, *, is_route: bool = False) -> int:
        """Add the call of a function unless its result is known by then; its place."""
        takes = [(each.name, self._add(each)) for each in dependant.dependencies]
        key = cache_key(dependant)
        if dependant.use_cache and key in self._places and not is_route:
            return self._places[key]
        self._calls.append(_call(dependant, tuple((name, at) for name, at in takes if name), embeds=self._embeds))
        self._places.setdefault(key, len(self._calls) - 1)
        return len(self._calls) - 1


def _call(dependant: Dependant, takes: tuple[tuple[str, int], ...], *, embeds: bool) -> Call:
    if dependant.websocket_param_name or dependant.concurrency:
        raise NotCompilable
    given = (
        (dependant.request_param_name, REQUEST),
        (dependant.http_connection_param_name, REQUEST),
        (dependant.response_param_name, RESPONSE),
        (dependant.background_tasks_param_name, BACKGROUND_TASKS),
    )
    scopes, function = dependant.security_scopes_param_name, dependant.call
    return Call(
        function=function if is_coroutine(function) else None,
        run=caller(dependant),
        reads=tuple(readers(dependant, embeds=embeds)),
        takes=takes,
        given=tuple((name, what) for name, what in given if name),
        scopes=((scopes, security_scopes(dependant)),) if scopes else (),
    )
