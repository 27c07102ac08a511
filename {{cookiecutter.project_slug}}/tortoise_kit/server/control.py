"""What one worker admits: its limits, the places of requests, and how often each limit has rejected something."""

import asyncio
import logging
import resource
from collections import Counter
from collections.abc import Collection, Mapping
from contextvars import Context, copy_context
from dataclasses import dataclass, field

from starlette.types import Scope

from tortoise_kit.http.networks import network_of
from tortoise_kit.server.admission import Admission, Ticket
from tortoise_kit.server.connections import Connections
from tortoise_kit.upstream.uvicorn_proxies import TrustedProxies

SWEEP_SECONDS = 0.05  # a wait may be this much longer than its limit
DESCRIPTORS_RESERVED = 96  # for files, logs, the event loop, and two turns of connections accepted before others close
DESCRIPTORS_MAX = 65_536  # where the system has no limit
log = logging.getLogger(__name__)


def connections_max(*, pool: int = 0) -> int:
    """How many connections a process can keep open: its descriptors, less those of the pool and of other files."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    descriptors = DESCRIPTORS_MAX if soft == resource.RLIM_INFINITY else min(soft, DESCRIPTORS_MAX)
    return max(1, descriptors - DESCRIPTORS_RESERVED - pool)


@dataclass(frozen=True, kw_only=True)
class ServerLimits:
    """The limits of one worker. Times are in seconds.

    Attributes:
        running: Requests that run at once, 1 or more.
        wait: For a place; then a request is rejected with a 503.
        connections: Open at once, 1 or more; beyond, the one that has been idle longest is closed.
        head: From a connection, or the first byte of a request, to the end of the headers.
        body: From a head to the end of the body.
        unread: For a client to read on: 48 KiB of a response that goes on, or all that is left of one that is complete.
        body_bytes: Of one body that are read before its request starts; a longer one is rejected by its route.
        bodies_bytes: Of all these bodies together.
    """

    running: int = 16
    wait: float = 2.0
    connections: int = field(default_factory=connections_max)
    head: float = 10.0
    body: float = 10.0
    unread: float = 30.0
    body_bytes: int = 2**20
    bodies_bytes: int = 2**26


class AdmissionControl:
    """Which requests of one worker run now.

    An application yields it from its lifespan, as `{"admission": control}`: this is how the server finds it. A server
    that does not look leaves the work to `AdmissionMiddleware`.

    Args:
        limits: The limits; the defaults suit a pool of five connections.
        exempt: Paths that are served at once, such as health checks: a busy service must not look dead.
        lanes: Routes with separate places, such as `POST /login`, which wait for something else than the others; by
            the number of places.
        trusted_proxies: Whose X-Forwarded-For names the client, as in FORWARDED_ALLOW_IPS.
        allow_origins: Whose pages may read what the server rejects by itself, as in `CORSMiddleware`.

    Attributes:
        rejected: How often each limit has rejected something, by its kind.
        bodies_bytes: Of bodies whose requests have not started.
        is_draining: Whether the worker is about to stop: each response closes its connection.
    """

    def __init__(
        self,
        limits: ServerLimits | None = None,
        *,
        exempt: Collection[str] = (),
        lanes: Mapping[int, Collection[str]] | None = None,
        trusted_proxies: str = "",
        allow_origins: Collection[str] = (),
    ) -> None:
        self.limits = limits or ServerLimits()
        self.proxies = TrustedProxies(trusted_proxies)
        self.allow_origins = frozenset(allow_origins)
        self.rejected: Counter[str] = Counter()
        self.connections = Connections(self.limits.connections, self.rejected)
        self.bodies_bytes = 0
        self.is_draining = False
        self._places = self._admission(self.limits.running)
        self._exempt = frozenset(exempt)
        self._lanes: dict[str, Admission] = {}
        self._all = [self._places]
        for places, routes in (lanes or {}).items():
            self._all.append(self._admission(places))
            self._lanes |= dict.fromkeys(routes, self._all[-1])
        self._context: Context | None = None
        self._sweep: asyncio.TimerHandle | None = None
        self._has_warned = False

    def _admission(self, places: int) -> Admission:
        # Over HTTP/1.1 no more requests can wait than there are connections.
        return Admission(running_max=places, wait_seconds=self.limits.wait, waiting_max=self.limits.connections)

    @property
    def running(self) -> int:
        """Requests that have a place."""
        return sum(each.running for each in self._all)

    @property
    def waiting(self) -> int:
        """Requests that wait for one."""
        return sum(each.waiting for each in self._all)

    def lane(self, scope: Scope) -> Admission | None:
        """Where a request gets its place; None if it needs none."""
        path = scope["path"]
        return None if path in self._exempt else self._lanes.get(f"{scope['method']} {path}", self._places)

    def offer(self, ticket: Ticket) -> None:
        """Ask for a place; to be called in the event loop."""
        ticket.lane.offer(ticket)
        if ticket.lane.waiting and self._sweep is None:
            self._sweep = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._sweep_lines)

    def drain(self) -> None:
        """Let each response close its connection from now on: the worker is about to stop."""
        self.is_draining = True

    def network(self, peer: str, headers: list[tuple[bytes, bytes]]) -> str:
        """The line in which a request waits."""
        return network_of(self.proxies.client_of(peer, headers))

    def check_proxy(self, peer: str) -> None:
        """Warn once if somebody who is not trusted says for whom a request is: all its clients look like one."""
        if not self._has_warned and peer not in self.proxies:
            self._has_warned = True
            log.warning(
                "proxy.not_trusted", extra={"peer": peer, "remedy": "add it to FORWARDED_ALLOW_IPS if it is yours"}
            )

    def _sweep_lines(self) -> None:
        loop = asyncio.get_running_loop()
        self._sweep = loop.call_later(SWEEP_SECONDS, self._sweep_lines) if self.waiting else None
        for lane in self._all:
            lane.sweep(loop.time())

    def context(self) -> Context:
        """For a request's task. The end of one request begins another, which must not inherit the former's context."""
        if self._context is None:
            self._context = copy_context()
        return self._context.copy()
