"""Who runs, who waits and who is rejected: plain data without I/O and without a clock, so that tests drive it.

A rejection costs almost what a response costs, so a service that rejects at once spends an overload on rejections, and
the client that asks most often gets most of the places. Here requests wait instead: a line for each client network,
served in turn, oldest first, and only time rejects. Newest first, or shorter waits while the line is long (CoDel), are
for callers that give up within milliseconds: measured here, they leave most clients of an API without any response.
"""

from collections import OrderedDict
from collections.abc import Callable
from enum import Enum, auto


class TicketState(Enum):
    """Where a request is."""

    WAITING = auto()
    RUNNING = auto()
    REJECTED = auto()
    GONE = auto()


class Ticket:
    """One request that asks for a place.

    Args:
        lane: Where it asks.
        network: The line to wait in.
        since: When it asked, in seconds.
        begin: Called once, when the request gets a place or is rejected; `state` says which. Not after `leave`.
    """

    __slots__ = ("begin", "lane", "network", "since", "state")

    def __init__(self, lane: "Admission", network: str, since: float, begin: Callable[["Ticket"], None]) -> None:
        self.lane = lane
        self.network = network
        self.since = since
        self.begin = begin
        self.state = TicketState.WAITING

    def leave(self) -> None:
        """Give back its place, or its wait for one; nothing if it has neither."""
        self.lane.leave(self)


class Admission:
    """The places of one kind of requests, and the lines before them.

    Args:
        running_max: Requests that run at once, 1 or more.
        wait_seconds: After this wait a request is rejected; `sweep` looks.
        waiting_max: Requests that wait, 0 or more. When they are as many, the network with most of them loses its
            newest to one with fewer.
    """

    def __init__(self, *, running_max: int, wait_seconds: float, waiting_max: int) -> None:
        self.running_max = running_max
        self.wait_seconds = wait_seconds
        self.waiting_max = waiting_max
        self.running = 0
        self.waiting = 0
        # The network at the front is served next. Lines are never empty.
        self._lines: OrderedDict[str, OrderedDict[Ticket, None]] = OrderedDict()

    @property
    def has_place(self) -> bool:
        """Whether the next request begins at once, so that its network does not matter."""
        return self.running < self.running_max

    def offer(self, ticket: Ticket) -> None:
        """Begin, let wait, or reject."""
        if self.has_place:
            self._run(ticket)
        elif self.waiting < self.waiting_max or self._has_made_room_for(ticket.network):
            self._lines.setdefault(ticket.network, OrderedDict())[ticket] = None
            self.waiting += 1
        else:
            _reject(ticket)

    def leave(self, ticket: Ticket) -> None:
        """See `Ticket.leave`."""
        state, ticket.state = ticket.state, TicketState.GONE
        if state is TicketState.RUNNING:
            self.running -= 1
            while self.has_place and self._lines:
                self._run(self._next())
        elif state is TicketState.WAITING:
            self._withdraw(ticket)

    def sweep(self, now: float) -> None:
        """Reject all that have waited too long."""
        late = [
            ticket for line in self._lines.values() for ticket in _leading(line, asked_before=now - self.wait_seconds)
        ]
        for ticket in late:
            self._withdraw(ticket)
            _reject(ticket)

    def _run(self, ticket: Ticket) -> None:
        self.running += 1
        ticket.state = TicketState.RUNNING
        ticket.begin(ticket)

    def _next(self) -> Ticket:
        network, line = next(iter(self._lines.items()))
        ticket = next(iter(line))
        self._lines.move_to_end(network)
        self._withdraw(ticket)
        return ticket

    def _withdraw(self, ticket: Ticket) -> None:
        line = self._lines[ticket.network]
        del line[ticket]
        if not line:
            del self._lines[ticket.network]
        self.waiting -= 1

    def _has_made_room_for(self, network: str) -> bool:
        longest = max(self._lines.values(), key=len, default=())
        if len(longest) <= len(self._lines.get(network, ())) + 1:
            return False
        newest = next(reversed(longest))
        self._withdraw(newest)
        _reject(newest)
        return True


def _reject(ticket: Ticket) -> None:
    ticket.state = TicketState.REJECTED
    ticket.begin(ticket)


def _leading(line: OrderedDict[Ticket, None], *, asked_before: float) -> list[Ticket]:
    found = []
    for ticket in line:
        if ticket.since > asked_before:
            break
        found.append(ticket)
    return found
