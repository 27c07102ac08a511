"""A table of an application's routes: the one that serves a request is looked up, and no other is asked.

FastAPI (0.165) asks one route after the other, and the routes of the router that serves the request twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import is_
from re import Pattern
from typing import Any, override

from fastapi import FastAPI
from fastapi.routing import APIRouter
from starlette.datastructures import URLPath
from starlette.routing import PARAM_FORMAT_REGEX, BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from tortoise_kit.upstream.fastapi import Served, route_path, routes_versions, served_routes

FOUND = "tortoise_kit.route"  # in a request's scope: its route
MISSED = "tortoise_kit.missed"  # in a request's scope: the table that found none


def install_route_table(app: FastAPI) -> None:
    """Find the route of a request in a table. Call it at any time: the table also has routes that are added later.

    Responses stay the same. The table has FastAPI's and Starlette's routes that serve one path or one pattern, in the
    order in which they were added, and leaves to FastAPI what it does not find: mounts, redirects, 404 and 405.
    `url_path_for` uses it too.
    """
    app.router.routes.insert(0, RouteTable(app.router))


class RouteTable(BaseRoute):
    """The first route of a router: serves a request by the route that the router would find.

    Args:
        router: The router.
    """

    def __init__(self, router: APIRouter) -> None:
        self._router = router
        self._routes: list[BaseRoute] = []
        self._versions = routes_versions(router)
        self._version: list[int] = []
        self._lookup = _Lookup(())

    @override
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http" or scope.get(MISSED) is self:  # FastAPI asks again with another slash at the end
            return Match.NONE, {}
        found = self._current().find(scope)
        if found is None:
            scope[MISSED] = self
            return Match.NONE, {}
        served, parameters = found
        path_params = {**scope.get("path_params", {}), **parameters}
        return Match.FULL, {"endpoint": served.effective.endpoint, "path_params": path_params, FOUND: served}

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        served: Served = scope[FOUND]
        served.select(scope)
        await served.route.handle(scope, receive, send)

    @override
    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        return self._current().url_path_for(name, path_params)

    def _current(self) -> "_Lookup":
        routes = self._router.routes  # the list may be changed without a new version
        is_known = len(routes) == len(self._routes) and all(map(is_, routes, self._routes))
        if not is_known or self._versions() != self._version:
            self._routes, self._versions = [*routes], routes_versions(self._router)
            self._version = self._versions()
            self._lookup = _Lookup(served_routes([route for route in routes if route is not self]))
        return self._lookup


@dataclass(frozen=True, slots=True)
class _Entry:
    """One route.

    Attributes:
        place: How many come before.
        served: The route.
        regex: Of its paths.
        pieces: Of its path: texts, and between them names of parameters.
        others: Routes before it that decide themselves what they serve, such as mounts.
    """

    place: int
    served: Served
    regex: Pattern[str]
    pieces: tuple[str, ...]
    others: tuple[BaseRoute, ...]

    def url_path(self, parameters: dict[str, Any]) -> str:
        convertors = self.served.effective.param_convertors
        return "".join(
            convertors[piece].to_string(parameters[piece]) if at % 2 else piece for at, piece in enumerate(self.pieces)
        )


class _Lookup:
    """Routes by method and path, or by what comes before the first parameter in their paths."""

    def __init__(self, routes: Iterable[Served]) -> None:
        self._fixed: dict[tuple[str, str], _Entry] = {}
        self._open: dict[tuple[str, str], list[_Entry]] = {}
        self._names: dict[tuple[str, frozenset[str]], _Entry] = {}
        self._slashes = 0  # before a parameter, at most
        others: list[BaseRoute] = []
        for place, served in enumerate(routes):
            if not served.is_plain:
                others.append(served.effective)
                continue
            route = served.effective
            pieces = tuple(PARAM_FORMAT_REGEX.split(route.path_format))
            self._add(_Entry(place, served, route.path_regex, pieces, tuple(others)))

    def _add(self, entry: _Entry) -> None:
        route = entry.served.effective
        self._names.setdefault((route.name, frozenset(route.param_convertors)), entry)
        start = entry.pieces[0].rpartition("/")[0]
        for method in route.methods:
            if route.param_convertors:
                self._open.setdefault((method, start), []).append(entry)
                self._slashes = max(self._slashes, start.count("/") + 1)
            elif not self._match(method, route.path_format):  # else one that was added earlier serves the path
                self._fixed.setdefault((method, route.path_format), entry)

    def find(self, scope: Scope) -> tuple[Served, dict[str, Any]] | None:
        """The route of a request and its parameters, converted."""
        method, path = scope["method"], route_path(scope)
        if path.endswith("\n"):  # which `$` in a pattern allows
            return None
        parameters: dict[str, Any] = {}
        if (entry := self._fixed.get((method, path))) is None:
            if (found := self._match(method, path)) is None:
                return None
            entry, texts = found
            convertors = entry.served.effective.param_convertors
            parameters = {name: convertors[name].convert(text) for name, text in texts.items()}
        if entry.others and any(route.matches(scope)[0] is Match.FULL for route in entry.others):
            return None
        return entry.served, parameters

    def _match(self, method: str, path: str) -> tuple[_Entry, dict[str, str]] | None:
        """The first route whose pattern fits a path, and the texts of its parameters."""
        best, end = None, 0
        for _ in range(self._slashes):
            for entry in self._open.get((method, path[:end]), ()):
                if best is not None and best[0].place < entry.place:
                    break
                if match := entry.regex.match(path):
                    best = entry, match.groupdict()
                    break
            if (end := path.find("/", end + 1)) < 0:
                break
        return best

    def url_path_for(self, name: str, parameters: dict[str, Any]) -> URLPath:
        """The path of the first route with a name and these parameters.

        Raises:
            NoMatchFound: There is none.
        """
        entry = self._names.get((name, frozenset(parameters)))
        if entry is None:
            raise NoMatchFound(name, parameters)
        for route in entry.others:
            try:
                return route.url_path_for(name, **parameters)
            except NoMatchFound:
                continue
        return URLPath(path=entry.url_path(parameters), protocol="http")
