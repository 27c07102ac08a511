import asyncio
import gc
import logging
from collections.abc import Awaitable
from functools import partial
from itertools import count
from typing import Any

import pytest
from structlog.contextvars import bound_contextvars, get_contextvars
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError, OperationalError, TransactionManagementError
from tortoise.transactions import in_transaction as stock_block

from tests.kit.chaos.proxy import proxy_to
from tests.kit.db.test_engines import slots_in_use
from tests.kit.library import Author, library
from tests.kit.steps import CancelledAt, Moment
from tortoise_kit.db.engines import transaction_state
from tortoise_kit.db.engines.savepoints import PARALLEL, UNFINISHED
from tortoise_kit.db.engines.transaction_state import ENDED, FAILED, UNKNOWN_OUTCOME
from tortoise_kit.db.errors import ConnectionLost, QueryTimeout, RetryableTransactionError
from tortoise_kit.db.transactions import after_commit, is_in_transaction, start_task, transaction, transactional


async def names() -> list[str]:
    return [author.name for author in await Author.all().order_by("name")]


async def test_a_block_commits_at_its_end_and_any_error_rolls_it_back(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        async with transaction(using=using):
            await Author.create(name="Ann")
        with pytest.raises(ZeroDivisionError):
            async with transaction(using=using):
                await Author.create(name="Bob")
                raise ZeroDivisionError

        assert await names() == ["Ann"]


@pytest.mark.parametrize("error", [ZeroDivisionError, TransactionManagementError])
async def test_a_nested_block_is_rolled_back_without_the_outer_one(
    empty_database_url: str, error: type[Exception]
) -> None:
    """Stock Tortoise commits the inner rows when the error is a TransactionManagementError."""
    async with library(empty_database_url) as using:
        async with transaction(using=using):
            await Author.create(name="Ann")
            with pytest.raises(error):
                async with transaction(using=using):
                    await Author.create(name="Bob")
                    raise error
            await Author.create(name="Cid")

        assert await names() == ["Ann", "Cid"]


async def test_committing_after_a_failed_statement_raises_and_stores_nothing(empty_database_url: str) -> None:
    """Postgres would silently roll back at COMMIT."""
    async with library(empty_database_url) as using:
        await Author.create(name="Ann")

        with pytest.raises(TransactionManagementError, match=FAILED):
            async with transaction(using=using):
                await Author.create(name="Bob")
                with pytest.raises(IntegrityError):
                    await Author.create(name="Ann")

        assert await names() == ["Ann"]


@pytest.mark.only("postgres")
async def test_a_statement_after_one_that_failed_says_how_to_go_on(empty_database_url: str) -> None:
    """On SQLite the statement works, and the end of the block says the same."""
    async with library(empty_database_url) as using:
        with pytest.raises(TransactionManagementError, match=FAILED):
            async with transaction(using=using):
                with pytest.raises(IntegrityError):
                    await Author.bulk_create([Author(name="Ann"), Author(name="Ann")])
                await names()


async def test_a_transaction_goes_on_after_a_statement_that_failed_in_a_nested_block(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        await Author.create(name="Ann")
        async with transaction(using=using):
            await Author.create(name="Bob")
            with pytest.raises(IntegrityError):
                async with transaction(using=using):
                    await Author.create(name="Ann")
            _, created = await Author.get_or_create(name="Cid")

        assert created
        assert await names() == ["Ann", "Bob", "Cid"]


async def test_a_second_tasks_parallel_nested_block_raises_and_the_firsts_rows_stay(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:

        async def add(name: str) -> None:
            async with transaction(using=using):
                await Author.create(name=name)
                await asyncio.sleep(0.01)

        async with transaction(using=using):
            results = await asyncio.gather(add("Ann"), add("Bob"), return_exceptions=True)

        assert [str(result) for result in results] == ["None", PARALLEL]
        assert await names() == ["Ann"]


async def test_nested_blocks_of_tasks_work_in_sequence_and_inside_each_other(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:

        async def add(name: str) -> None:
            async with transaction(using=using):
                await Author.create(name=name)

        async with transaction(using=using):
            await asyncio.gather(add("Ann"))
            async with transaction(using=using):
                await asyncio.create_task(add("Bob"))
            await asyncio.create_task(add("Cid"))

        assert await names() == ["Ann", "Bob", "Cid"]


async def test_leaving_a_nested_block_raises_while_a_task_has_one_open_inside_it(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        opened = asyncio.Event()

        async def linger() -> None:
            async with transaction(using=using):
                opened.set()
                await asyncio.sleep(3600)

        async with transaction(using=using):
            with pytest.raises(TransactionManagementError, match=UNFINISHED):
                async with transaction(using=using):
                    task = asyncio.create_task(linger())
                    await opened.wait()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await Author.create(name="Ann")

        assert await names() == ["Ann"]


async def test_parallel_queries_in_one_transaction_take_turns(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        async with transaction(using=using):
            await asyncio.gather(*(Author.create(name=f"{number}") for number in range(10)))

        assert len(await names()) == 10


async def test_a_task_that_outlives_its_transaction_gets_an_error_that_says_so(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        ended = asyncio.Event()

        async def late() -> None:
            await ended.wait()
            await Author.create(name="Bob")

        async with transaction(using=using):
            task = asyncio.create_task(late())
            await Author.create(name="Ann")
        ended.set()
        with pytest.raises(TransactionManagementError, match=ENDED):
            await task

        assert await names() == ["Ann"]


async def test_a_started_task_is_in_no_transaction(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        inside: list[bool] = []

        async def work() -> None:
            inside.append(is_in_transaction(using))
            await Author.create(name="Bob")

        with pytest.raises(ZeroDivisionError):
            async with transaction(using=using):
                await Author.create(name="Ann")
                task = start_task(work())
                await asyncio.sleep(0)
                raise ZeroDivisionError
        await task

        assert inside == [False]
        assert await names() == ["Bob"]


async def test_a_started_task_that_fails_is_logged_once_with_its_name_and_its_request(
    empty_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> None:
        await asyncio.sleep(0)
        raise ZeroDivisionError

    seen: list[Any] = []

    def note(_: logging.LogRecord) -> bool:
        seen.append(get_contextvars().get("request_id"))
        return True

    caplog.handler.addFilter(note)
    async with library(empty_database_url):
        with bound_contextvars(request_id="first"):
            tasks = [start_task(work(), name="mail"), start_task(work())]
        await asyncio.wait(tasks)
        await asyncio.sleep(0)
        del tasks
        gc.collect()  # asyncio would log an error that nobody retrieved
    caplog.handler.removeFilter(note)

    names = [(record.getMessage(), record.__dict__["task"].rpartition(".")[2]) for record in caplog.records]
    assert names == [("task.failed", "mail"), ("task.failed", "work")]
    assert seen == ["first", "first"]


async def test_hooks_run_after_commit_in_turn_and_see_what_was_committed(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        seen: list[Any] = []

        async def see() -> None:
            seen.append((is_in_transaction(using), await names()))

        async with transaction(using=using):
            after_commit(see, using=using)
            async with transaction(using=using):
                await Author.create(name="Ann")
                after_commit(see, using=using)
            assert seen == []

        assert seen == [(False, ["Ann"])] * 2


async def test_hooks_of_what_was_rolled_back_do_not_run(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        ran: list[str] = []

        async def note(what: str) -> None:
            ran.append(what)

        with pytest.raises(ZeroDivisionError):
            async with transaction(using=using):
                after_commit(partial(note, "rolled back"), using=using)
                raise ZeroDivisionError
        async with stock_block(using):  # Tortoise's own block has hooks, too
            after_commit(partial(note, "outer"), using=using)
            with pytest.raises(ZeroDivisionError):
                async with transaction(using=using):
                    after_commit(partial(note, "inner"), using=using)
                    raise ZeroDivisionError

        assert ran == ["outer"]


async def succeed() -> None:
    """A hook."""


async def fail() -> None:
    raise ZeroDivisionError


async def cancel_itself() -> None:
    raise asyncio.CancelledError


async def hang() -> None:
    await asyncio.sleep(3600)


@pytest.mark.parametrize("hook", [fail, cancel_itself, hang, partial(fail)], ids=["fails", "ends", "hangs", "partial"])
async def test_a_hook_that_does_not_complete_is_logged_by_name_and_the_next_one_runs(
    empty_database_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, hook: Any
) -> None:
    monkeypatch.setattr(transaction_state, "HOOK_SECONDS", 0.05)
    async with library(empty_database_url) as using:
        ran: list[bool] = []

        async def run() -> None:
            ran.append(True)

        with caplog.at_level(logging.ERROR):
            async with transaction(using=using):
                after_commit(hook, using=using)
                after_commit(run, using=using)

        assert ran == [True]
        name = getattr(hook, "func", hook).__name__
        [record] = caplog.records
        assert (record.getMessage(), record.__dict__["hook"]) == ("hook.failed", f"{__name__}.{name}")


async def test_hooks_that_the_end_of_the_process_cuts_off_are_logged_by_name(
    empty_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with library(empty_database_url) as using:

        async def work() -> None:
            async with transaction(using=using):
                for hook in (succeed, hang, fail):
                    after_commit(hook, using=using)

        before = asyncio.all_tasks()
        task = asyncio.create_task(work())
        await asyncio.wait([task], timeout=0.2)
        ending = asyncio.all_tasks() - before
        for each in ending:  # as asyncio.run does
            each.cancel()
        with caplog.at_level(logging.ERROR):
            await asyncio.gather(*ending, return_exceptions=True)

        [record] = caplog.records
        assert record.getMessage() == "hook.unfinished"
        assert record.__dict__["hooks"] == f"{__name__}.hang, {__name__}.fail"


@pytest.mark.parametrize("moment", ["waiting", "arrived"])
@pytest.mark.parametrize("touched", [False, True], ids=["untouched", "touched"])
async def test_hooks_run_if_and_only_if_the_rows_are_stored_wherever_the_caller_is_cancelled(
    empty_database_url: str, moment: Moment, *, touched: bool
) -> None:
    async with library(empty_database_url, max_size=1, acquire_timeout=2, pooler=None) as using:
        setting = "PRAGMA cache_size = 10" if get_connection(using).capabilities.dialect == "sqlite" else "SET x.y = 1"
        ran: list[str] = []
        last_ran = asyncio.Event()

        async def work(name: str) -> None:
            async def first() -> None:
                await asyncio.sleep(0)
                ran.append(name)

            async def second() -> None:
                ran.append(name)
                last_ran.set()

            async with transaction(using=using):
                if touched:
                    await get_connection(using).execute_script(setting)
                after_commit(first, using=using)
                async with transaction(using=using):
                    await Author.create(name=name)
                    after_commit(second, using=using)

        outcomes = set()
        for step in count(1):
            name = f"{step}"
            cancelled = CancelledAt(work(name), step, moment)
            await asyncio.wait([asyncio.create_task(_awaited(cancelled))])
            stored = await Author.filter(name=name).exists()
            if stored:
                await asyncio.wait_for(last_ran.wait(), 2)
            last_ran.clear()
            assert ran.count(name) == 2 * stored
            outcomes.add(stored)
            if cancelled.waits < step:
                break

        assert outcomes == {False, True}


async def _awaited(work: Awaitable[None]) -> None:
    await work


@pytest.mark.only("postgres")
@pytest.mark.parametrize("fault", ["cancelled", "silent", "cut"])
async def test_a_commit_without_a_response_may_have_been_committed_and_says_so(
    empty_database_url: str, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    async with (
        proxy_to(empty_database_url) as proxy,
        library(proxy.url(empty_database_url), pooler=None, min_size=0, max_size=1, command_timeout=0.3) as using,
    ):
        commits = asyncio.Event()

        async def work() -> None:
            async with transaction(using=using):
                await Author.create(name="Ann")
                after_commit(succeed, using=using)
                if fault == "cut":
                    await proxy.close()
                else:
                    proxy.swallow()
                asyncio.get_running_loop().call_soon(commits.set)

        task = asyncio.create_task(work())
        with caplog.at_level(logging.ERROR):
            await commits.wait()
            if fault == "cancelled":
                task.cancel()
            error = asyncio.CancelledError if fault == "cancelled" else ConnectionLost
            with pytest.raises(error) as raised:
                async with asyncio.timeout(3):
                    await task
        await proxy.forward()

        [record] = caplog.records
        assert record.getMessage() == "commit.unknown"
        assert record.__dict__["hooks"] == f"{__name__}.succeed"
        assert fault == "cancelled" or "may have been committed" in str(raised.value)
        assert await slots_in_use(using) == 0
        await Author.create(name="Bob")


@pytest.mark.only("postgres")
async def test_a_commit_that_the_server_cancels_is_no_unknown_outcome(
    empty_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with library(empty_database_url) as using:
        await get_connection(using).execute_script(
            """
            CREATE FUNCTION cancel() RETURNS trigger LANGUAGE plpgsql AS
            $$BEGIN RAISE EXCEPTION USING ERRCODE = 'query_canceled'; END$$;
            CREATE CONSTRAINT TRIGGER late AFTER INSERT ON kit_authors INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION cancel()
            """
        )
        with caplog.at_level(logging.ERROR), pytest.raises(QueryTimeout):
            async with transaction(using=using):
                await Author.create(name="Ann")

        assert UNKNOWN_OUTCOME not in caplog.text
        assert await names() == []


async def test_hooks_of_attempts_that_lost_do_not_run(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        ran: list[int] = []
        attempts = count(1)

        @transactional(using=using)
        async def work() -> None:
            attempt = next(attempts)

            async def note() -> None:
                ran.append(attempt)

            after_commit(note, using=using)
            if attempt < 3:
                raise RetryableTransactionError

        await work()

        assert ran == [3]


@pytest.mark.parametrize("end", ["commit", "rollback"])
async def test_hooks_follow_a_transaction_that_is_ended_by_hand(empty_database_url: str, end: str) -> None:
    async with library(empty_database_url) as using:
        ran: list[str] = []

        async def note() -> None:
            ran.append(end)

        async with transaction(using=using) as opened:
            after_commit(note, using=using)
            await getattr(opened, end)()

        assert ran == (["commit"] if end == "commit" else [])


async def test_after_commit_needs_a_transaction(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        with pytest.raises(TransactionManagementError, match="needs an open transaction"):
            after_commit(partial(asyncio.sleep, 0), using=using)


async def test_a_function_runs_again_until_its_transaction_succeeds(empty_database_url: str) -> None:
    async with library(empty_database_url, max_size=8) as using:
        author = await Author.create(name="Ann", fee=0)

        @transactional(using=using, isolation="serializable", attempts=50)
        async def increment() -> None:
            row = await Author.get(id=author.id)
            row.fee += 1
            await row.save(update_fields=["fee"])

        await asyncio.gather(*(increment() for _ in range(8)))

        assert (await Author.get(id=author.id)).fee == 8


async def test_a_function_that_always_loses_raises_after_its_attempts(
    empty_database_url: str,
) -> None:
    async with library(empty_database_url) as using:
        runs: list[int] = []

        @transactional(using=using, attempts=3)
        async def lose() -> None:
            runs.append(1)
            await Author.create(name="Ann")
            raise RetryableTransactionError

        with pytest.raises(RetryableTransactionError):
            await lose()

        assert len(runs) == 3
        assert await names() == []


async def test_a_nested_function_is_not_retried(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        runs: list[str] = []

        @transactional(using=using, attempts=2)
        async def inner() -> None:
            runs.append("inner")
            if len(runs) < 3:
                raise RetryableTransactionError

        @transactional(using=using, attempts=2)
        async def outer() -> None:
            runs.append("outer")
            await inner()

        await outer()

        assert runs == ["outer", "inner", "outer", "inner"]


@pytest.mark.parametrize("options", [{"isolation": "serializable"}, {"readonly": True}], ids=str)
async def test_a_nested_block_cannot_set_isolation_or_readonly(
    empty_database_url: str, options: dict[str, Any]
) -> None:
    async with library(empty_database_url) as using, transaction(using=using):
        with pytest.raises(TransactionManagementError, match="nested"):
            async with transaction(using=using, **options):
                raise AssertionError


async def test_a_read_only_transaction_rejects_writes(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        with pytest.raises(TransactionManagementError, match="readonly=True, so it cannot write"):
            async with transaction(using=using, readonly=True):
                await Author.create(name="Ann")


@pytest.mark.only("postgres")
async def test_the_isolation_level_is_the_requested_one(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        async with transaction(using=using, isolation="repeatable_read"):
            (row,) = await get_connection(using).execute_query_dict("SHOW transaction_isolation")

        assert row["transaction_isolation"] == "repeatable read"


@pytest.mark.only("sqlite")  # Postgres stores no such text
async def test_a_text_that_cannot_be_read_ends_its_transaction_and_no_later_one(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        await Author.create(name="Ann")
        await get_connection(using).execute_query("UPDATE kit_authors SET name = CAST(X'ff00fe' AS TEXT)")

        async def read() -> None:
            async with transaction(using=using):
                await Author.create(name="Ben")
                await Author.all()

        with pytest.raises(OperationalError, match="Could not decode to UTF-8") as raised:
            await read()

        assert raised.tb is not None  # it holds the cursor, whose rows are not read to the end
        async with transaction(using=using):
            assert await Author.all().count() == 1
