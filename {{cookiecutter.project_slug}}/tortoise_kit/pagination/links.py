"""The header `Link` of a page (RFC 8288), and the query parameters that a cursor is bound to."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.dependencies.models import Dependant
from starlette.datastructures import URL

from tortoise_kit.sql.compiled import CACHE_SIZE
from tortoise_kit.upstream.fastapi import dependants, query_names, served_dependant

LINK_LENGTH_MAX = 3072  # characters of the header: proxies take heads of 4 kB, nginx by default
LONGEST_CACHED = 1_000  # characters that a client chooses; a thousand of them are kept
IN_PATHS = "/:@!$&'()*+,;=~"  # what RFC 3986 (3.3) allows in a path besides letters, digits and -._


def declared_parameters(request: Request) -> list[tuple[str, str]]:
    """The query parameters that the route declares; a link that repeated others could be as long as a client likes."""
    if not (sent := request.query_params.multi_items()):
        return []
    route = served_dependant(request.scope)
    declared = _declared(_Identity(route)) if route else ()
    return [(name, value) for name, value in sent if name in declared]


def link_header(request: Request, given: Sequence[tuple[str, str]], cursors: Sequence[tuple[str, str]]) -> str:
    """The value of the header; what does not fit is left out, the last first.

    Args:
        request: The request being served.
        given: The query parameters that are repeated.
        cursors: Relations with their cursors.
    """
    kept = [(name, value) for name, value in given if name != "cursor"]
    links = list(_links(request, kept, cursors))
    while len(header := ", ".join(links)) > LINK_LENGTH_MAX:
        links.pop()
    return header


def _links(request: Request, kept: Sequence[tuple[str, str]], cursors: Sequence[tuple[str, str]]) -> Iterator[str]:
    scope = request.scope
    server, host = scope.get("server"), request.headers.get("host")
    is_short = len(scope["path"]) + len(host or "") <= LONGEST_CACHED
    url = (_cached_url if is_short else _url)(
        scope.get("scheme", "http"), server and tuple(server), scope["path"], host
    )
    for relation, cursor in cursors:
        yield f'<{url}?{urlencode([*kept, ("cursor", cursor)])}>; rel="{relation}"'


def _url(scheme: str, server: tuple[str, int | None] | None, path: str, host: str | None) -> str:
    """The URL of a request without its query, as Starlette makes it, which leaves any character in the path."""
    headers = [] if host is None else [(b"host", host.encode("latin-1"))]
    return str(URL(scope={"scheme": scheme, "server": server, "path": quote(path, IN_PATHS), "headers": headers}))


_cached_url = lru_cache(maxsize=CACHE_SIZE)(_url)


class _Identity:
    """A key for what cannot be hashed, which is FastAPI's Dependant."""

    __slots__ = ("of",)

    def __init__(self, of: Dependant) -> None:
        self.of = of

    def __hash__(self) -> int:
        return id(self.of)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and other.of is self.of


@lru_cache(maxsize=CACHE_SIZE)  # to collect the names takes longer than all the rest of the header
def _declared(route: _Identity) -> frozenset[str]:
    return frozenset(name for each in dependants(route.of) for name in query_names(each))
