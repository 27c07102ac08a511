import asyncio

import pytest
from tortoise.exceptions import TransactionManagementError
from tortoise.queryset import QuerySet

from tests.kit.library import Loan, Shelf, library
from tortoise_kit.db.state_machine import StateMachine
from tortoise_kit.db.transactions import transaction
from tortoise_kit.problems.errors import Conflict, NotFound
from tortoise_kit.sql.recording import recorded_queries

MOVES = StateMachine[str, Shelf](
    "shelf", {"close": ({Shelf.OPEN}, Shelf.CLOSED), "burn": (set(Shelf), Shelf.CLOSED), "open": ((), Shelf.OPEN)}
)


async def move(action: str, rows: QuerySet[Loan], using: str) -> Loan:
    async with transaction(using=using):
        return await MOVES.apply(action, rows, missing="Loan not found.")


async def test_an_action_changes_the_state_and_when_the_row_was_changed(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        loan = await Loan.create(shelf=Shelf.OPEN, number=1, title="Kept")

        moved = await move("close", Loan.filter(id=loan.id), using)

        stored = await Loan.get(id=loan.id)
        assert (moved.shelf, stored.shelf, stored.title) == (Shelf.CLOSED, Shelf.CLOSED, "Kept")
        assert stored.changed_at == moved.changed_at > loan.changed_at


async def test_a_state_that_does_not_allow_the_action_is_a_conflict_and_stays(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        await Loan.create(shelf=Shelf.CLOSED, number=1)

        with pytest.raises(Conflict, match=r"^The loan is closed; to close it, it must be open\.$") as raised:
            await move("close", Loan.all(), using)

        assert raised.value.kind == "loan-shelf"
        assert (await Loan.get()).shelf is Shelf.CLOSED


async def test_an_action_on_a_row_that_does_not_exist_is_not_found(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        with pytest.raises(NotFound, match=r"^Loan not found\.$"):
            await move("close", Loan.filter(id=4711), using)


async def test_an_action_needs_a_transaction(empty_database_url: str) -> None:
    async with library(empty_database_url):
        with pytest.raises(TransactionManagementError, match="needs an open transaction"):
            await MOVES.apply("close", Loan.all(), missing="Loan not found.")


async def test_of_many_actions_at_once_one_succeeds(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        await Loan.create(shelf=Shelf.OPEN, number=1)

        results = await asyncio.gather(*(move("close", Loan.all(), using) for _ in range(8)), return_exceptions=True)

        assert sum(isinstance(each, Loan) for each in results) == 1
        assert sum(isinstance(each, Conflict) for each in results) == 7


async def test_an_action_sends_two_statements(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        await Loan.create(shelf=Shelf.OPEN, number=1)

        with recorded_queries() as log:
            await move("burn", Loan.all(), using)

        assert [query.text.split()[0] for query in log.queries if query.text[0] in "SU"] == ["SELECT", "UPDATE"]
