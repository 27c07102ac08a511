import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from fastapi import Request, Response

from tests.kit.library import Author, Book, LoanKey, library
from tortoise_kit.db.errors import LockNotAvailable, PoolTimeout, RetryableTransactionError
from tortoise_kit.development.testing import Exchange
from tortoise_kit.idempotency.requests import REPLAYED, Claim, answer_once, digest_of
from tortoise_kit.problems.errors import Conflict, Unprocessable

HOUR = timedelta(hours=1)
REPLAY = REPLAYED.lower()


class Work:
    """What a request does: it adds a book; the first runs end with these errors, the last one first."""

    def __init__(self, *failures: Exception) -> None:
        self.runs = 0
        self.failures = list(failures)

    async def __call__(self) -> Response:
        self.runs += 1
        book = await Book.create(title="Ann's")
        if self.failures:
            raise self.failures.pop()
        return Response(f'{{"näme":{book.id}}}', 201, {"Location": f"/books/{book.id}"}, "application/json")


@asynccontextmanager
async def keyed(database_url: str, **limits: Any) -> AsyncGenerator[Author]:
    """The library with a table of keys, and somebody who calls."""
    async with library(database_url, name="default", **limits):
        yield await Author.create(name="Ann")


async def ask(caller: Author, work: Work, *, key: str = "k", digest: str = "d", lifetime: timedelta = HOUR) -> Response:
    return await answer_once(LoanKey, Claim(caller_id=caller.id, key=key, digest=digest, lifetime=lifetime), work)


def shown(answer: Response) -> tuple[int, bytes, dict[str, str]]:
    headers = {name: value for name, value in answer.headers.items() if name != REPLAY}
    return answer.status_code, bytes(answer.body), headers


async def test_the_same_request_is_carried_out_once_and_answered_alike(empty_database_url: str) -> None:
    async with keyed(empty_database_url) as ann:
        work = Work()

        first, second, third = [await ask(ann, work) for _ in range(3)]

        assert (work.runs, await Book.all().count()) == (1, 1)
        assert shown(first) == shown(second) == shown(third)
        assert [REPLAY in each.headers for each in (first, second, third)] == [False, True, True]
        assert (second.headers[REPLAY], second.headers["content-type"]) == ("true", "application/json")


async def test_a_key_that_comes_with_another_request_is_refused(empty_database_url: str) -> None:
    async with keyed(empty_database_url) as ann:
        work = Work()
        await ask(ann, work)

        with pytest.raises(Unprocessable, match="choose a new key"):
            await ask(ann, work, digest="other")

        assert work.runs == 1
        assert (await ask(ann, work)).headers[REPLAY] == "true"


async def test_anothers_key_is_another_key(empty_database_url: str) -> None:
    async with keyed(empty_database_url) as ann:
        work = Work()

        answers = [
            await ask(ann, work),
            await ask(await Author.create(name="Ben"), work),
            await ask(ann, work, key="K"),
        ]

        assert work.runs == 3
        assert not any(REPLAY in each.headers for each in answers)


async def test_what_fails_leaves_no_key_and_no_effect(empty_database_url: str) -> None:
    async with keyed(empty_database_url) as ann:
        work = Work(Conflict("There is none left."))

        with pytest.raises(Conflict):
            await ask(ann, work)
        left = (await LoanKey.all().count(), await Book.all().count())
        again = await ask(ann, work, digest="other")

        assert left == (0, 0)
        assert (again.status_code, REPLAY in again.headers) == (201, False)


async def test_a_transaction_that_lost_is_run_again_with_its_key(empty_database_url: str) -> None:
    async with keyed(empty_database_url) as ann:
        work = Work(RetryableTransactionError("It lost."), RetryableTransactionError("It lost."))

        answer = await ask(ann, work)

        assert (answer.status_code, work.runs) == (201, 3)
        assert (await LoanKey.all().count(), await Book.all().count()) == (1, 1)


async def test_an_expired_key_is_a_new_one(empty_database_url: str) -> None:
    async with keyed(empty_database_url) as ann:
        work = Work()
        await ask(ann, work, lifetime=-HOUR)

        again = await ask(ann, work, digest="other")
        replayed = await ask(ann, work, digest="other")

        assert (work.runs, REPLAY in again.headers) == (2, False)
        assert shown(replayed) == shown(again)
        assert await LoanKey.all().count() == 1


@pytest.mark.parametrize("expired", [False, True], ids=["new key", "expired key"])
async def test_of_many_duplicates_at_once_one_is_carried_out_and_all_are_answered_alike(
    empty_database_url: str, *, expired: bool
) -> None:
    async with keyed(empty_database_url) as ann:
        if expired:
            await ask(ann, Work(), lifetime=-HOUR)
        work = Work()

        answers = await asyncio.gather(*(ask(ann, work) for _ in range(20)))

        assert work.runs == 1
        assert len({(status, body) for status, body, _ in map(shown, answers)}) == 1
        assert sum(REPLAY in each.headers for each in answers) == 19


async def test_a_duplicate_waits_for_the_first_and_does_the_work_when_that_fails(empty_database_url: str) -> None:
    async with keyed(empty_database_url) as ann:
        begun, ended = asyncio.Event(), asyncio.Event()
        work = Work()

        async def failing() -> Response:
            begun.set()
            await ended.wait()
            detail = "There is none left."
            raise Conflict(detail)

        first = asyncio.create_task(
            answer_once(LoanKey, Claim(caller_id=ann.id, key="k", digest="d", lifetime=HOUR), failing)
        )
        await begun.wait()
        second = asyncio.create_task(ask(ann, work))
        await asyncio.wait([second], timeout=0.2)
        waited = not second.done() and work.runs == 0
        ended.set()
        with pytest.raises(Conflict):
            await first

        assert waited
        assert ((await second).status_code, work.runs) == (201, 1)


async def test_a_duplicate_waits_no_longer_than_for_any_lock_and_is_welcome_again(empty_database_url: str) -> None:
    # Not through a pooler, where the limit of a lock is the role's.
    async with keyed(empty_database_url, pooler=None, acquire_timeout=0.2, lock_timeout=0.3) as ann:
        begun, ended = asyncio.Event(), asyncio.Event()
        work = Work()

        async def slow() -> Response:
            begun.set()
            await ended.wait()
            return await work()

        first = asyncio.create_task(
            answer_once(LoanKey, Claim(caller_id=ann.id, key="k", digest="d", lifetime=HOUR), slow)
        )
        await begun.wait()
        with pytest.raises((LockNotAvailable, PoolTimeout)):
            await ask(ann, work)
        ended.set()

        assert shown(await first) == shown(await ask(ann, work))
        assert work.runs == 1


async def test_a_request_is_another_one_by_its_method_its_target_or_its_body() -> None:
    requests = [
        ("POST", "/orders", b"", b"{}"),
        ("PUT", "/orders", b"", b"{}"),
        ("POST", "/orders/1", b"", b"{}"),
        ("POST", "/orders", b"a=1", b"{}"),
        ("POST", "/orders", b"", b"{ }"),
        ("POST", "/orders", b"", b""),
    ]

    digests = [await digested(*each) for each in requests]

    assert len(set(digests)) == len(requests)
    assert await digested(*requests[0]) == digests[0]
    assert {len(digest) for digest in digests} == {64}


async def digested(method: str, path: str, query: bytes, body: bytes) -> str:
    exchange = Exchange(body, path=path, method=method)
    return await digest_of(Request({**exchange.scope, "query_string": query}, exchange.receive))
