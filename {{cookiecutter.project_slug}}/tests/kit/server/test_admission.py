"""Who runs and who waits, driven by hand: no server, no clock."""

from collections import Counter
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from tortoise_kit.server.admission import Admission, Ticket, TicketState

WAIT_SECONDS = 10.0


class Crowd:
    """Requests, and what became of them."""

    def __init__(self, admission: Admission) -> None:
        self.admission = admission
        self.tickets: list[Ticket] = []
        self.begun: list[Ticket] = []
        self.now = 0.0

    def ask(self, network: str) -> Ticket:
        ticket = Ticket(self.admission, network, self.now, self.begun.append)
        self.tickets.append(ticket)
        self.admission.offer(ticket)
        return ticket

    def having(self, state: TicketState) -> list[Ticket]:
        return [ticket for ticket in self.tickets if ticket.state is state]

    def serve_all(self) -> str:
        """The networks in the order in which they get their places, from now on."""
        seen = len(self.begun)
        while running := self.having(TicketState.RUNNING):
            running[0].leave()
        return "".join(ticket.network for ticket in self.begun[seen:])


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.sampled_from("abc")),
        st.tuples(st.just("leave"), st.integers(0, 30)),
        st.tuples(st.just("wait"), st.floats(0, 2 * WAIT_SECONDS)),
    ),
    max_size=60,
)


@given(st.integers(1, 4), st.integers(0, 5), STEPS)
def test_no_place_is_free_while_somebody_waits_and_each_request_begins_once_or_has_left(
    places: int, waiting_max: int, steps: list[tuple[str, object]]
) -> None:
    admission = Admission(running_max=places, wait_seconds=WAIT_SECONDS, waiting_max=waiting_max)
    crowd = Crowd(admission)
    left: set[Ticket] = set()
    for step, value in steps:
        if step == "ask":
            crowd.ask(str(value))
        elif step == "leave" and crowd.tickets:
            ticket = crowd.tickets[int(str(value)) % len(crowd.tickets)]
            left |= {ticket} if ticket.state is TicketState.WAITING else set()
            ticket.leave()
        elif step == "wait":
            crowd.now += float(str(value))
            admission.sweep(crowd.now)
            assert all(crowd.now - each.since <= WAIT_SECONDS for each in crowd.having(TicketState.WAITING))

        running, waiting = crowd.having(TicketState.RUNNING), crowd.having(TicketState.WAITING)
        assert (admission.running, admission.waiting) == (len(running), len(waiting))
        assert len(running) == places or not waiting
        assert len(running) <= places
        assert len(waiting) <= waiting_max
    assert max(Counter(crowd.begun).values(), default=1) == 1
    assert {*crowd.begun, *crowd.having(TicketState.WAITING)} | left == set(crowd.tickets)
    assert not left & set(crowd.begun)


def test_networks_are_served_in_turn_and_each_in_the_order_of_its_requests() -> None:
    crowd = Crowd(Admission(running_max=1, wait_seconds=WAIT_SECONDS, waiting_max=1000))
    asked = [crowd.ask(network) for network in chain("aaaaaa", "bb")]

    assert crowd.serve_all() == "ababaaa"
    assert [each for each in crowd.begun if each.network == "a"] == asked[:6]


def test_a_network_that_fills_the_line_gives_way_to_another() -> None:
    crowd = Crowd(Admission(running_max=1, wait_seconds=WAIT_SECONDS, waiting_max=4))
    many = [crowd.ask("a") for _ in range(5)]
    one = crowd.ask("b")
    again = crowd.ask("a")

    assert one.state is TicketState.WAITING
    assert [ticket for ticket in (*many, again) if ticket.state is TicketState.REJECTED] == [many[-1], again]


def test_a_wait_ends_after_its_limit_and_not_before() -> None:
    crowd = Crowd(Admission(running_max=1, wait_seconds=WAIT_SECONDS, waiting_max=10))
    crowd.ask("a")
    early = crowd.ask("b")
    crowd.now = 1.0
    late = crowd.ask("b")
    crowd.admission.sweep(WAIT_SECONDS + 0.5)

    assert (early.state, late.state) == (TicketState.REJECTED, TicketState.WAITING)
