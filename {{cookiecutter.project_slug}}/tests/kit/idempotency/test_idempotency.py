import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from httpx2 import ASGITransport, AsyncClient
from starlette.routing import NoMatchFound

from tests.kit.library import Author, Book, LoanKey, library
from tortoise_kit.db.errors import LockNotAvailable, PoolTimeout, RetryableTransactionError
from tortoise_kit.development.testing import Exchange
from tortoise_kit.idempotency.requests import KEY_HEADER, REPLAYED_HEADER, IdempotentRequest, request_fingerprint
from tortoise_kit.pagination.routes import created_response, item_response
from tortoise_kit.problems.errors import Conflict, Unprocessable
from tortoise_kit.schemas.models import ReadSchema

HOUR = timedelta(hours=1)
REPLAYED = REPLAYED_HEADER.lower()


class AddBook:
    """An operation; its first runs end with these errors, the last one first."""

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
async def library_with_keys(database_url: str, **limits: Any) -> AsyncGenerator[Author]:
    """The library with a table of keys, and a caller."""
    async with library(database_url, name="default", **limits):
        yield await Author.create(name="Ann")


async def send(
    caller: Author,
    operation: Callable[[], Awaitable[Response]],
    *,
    key: str | None = "k",
    fingerprint: str = "f",
    lifetime: timedelta = HOUR,
) -> Response:
    request = IdempotentRequest(table=LoanKey, caller_id=caller.id, key=key, fingerprint=fingerprint, lifetime=lifetime)
    return await request(operation)


def shown(response: Response) -> tuple[int, bytes, dict[str, str]]:
    headers = {name: value for name, value in response.headers.items() if name != REPLAYED}
    return response.status_code, bytes(response.body), headers


async def test_a_repeated_request_runs_once_and_gets_the_first_response(empty_database_url: str) -> None:
    async with library_with_keys(empty_database_url) as ann:
        operation = AddBook()

        first, second, third = [await send(ann, operation) for _ in range(3)]

        assert (operation.runs, await Book.all().count()) == (1, 1)
        assert shown(first) == shown(second) == shown(third)
        assert [REPLAYED in each.headers for each in (first, second, third)] == [False, True, True]
        assert (second.headers[REPLAYED], second.headers["content-type"]) == ("true", "application/json")


async def test_a_key_used_for_another_request_is_rejected(empty_database_url: str) -> None:
    async with library_with_keys(empty_database_url) as ann:
        operation = AddBook()
        await send(ann, operation)

        with pytest.raises(Unprocessable, match="choose a new key"):
            await send(ann, operation, fingerprint="other")

        assert operation.runs == 1
        assert (await send(ann, operation)).headers[REPLAYED] == "true"


async def test_without_a_key_every_request_runs(empty_database_url: str) -> None:
    async with library_with_keys(empty_database_url) as ann:
        operation = AddBook()

        responses = [await send(ann, operation, key=None) for _ in range(2)]

        assert operation.runs == 2
        assert not any(REPLAYED in each.headers for each in responses)
        assert await LoanKey.all().count() == 0


async def test_callers_may_use_the_same_key(empty_database_url: str) -> None:
    async with library_with_keys(empty_database_url) as ann:
        operation = AddBook()

        responses = [
            await send(ann, operation),
            await send(await Author.create(name="Ben"), operation),
            await send(ann, operation, key="K"),
        ]

        assert operation.runs == 3
        assert not any(REPLAYED in each.headers for each in responses)


async def test_a_failed_operation_leaves_no_key_and_no_rows(empty_database_url: str) -> None:
    async with library_with_keys(empty_database_url) as ann:
        operation = AddBook(Conflict("No copy is left."))

        with pytest.raises(Conflict):
            await send(ann, operation)
        left = (await LoanKey.all().count(), await Book.all().count())
        again = await send(ann, operation, fingerprint="other")

        assert left == (0, 0)
        assert (again.status_code, REPLAYED in again.headers) == (201, False)


async def test_a_transaction_that_lost_runs_again_with_its_key(empty_database_url: str) -> None:
    async with library_with_keys(empty_database_url) as ann:
        operation = AddBook(RetryableTransactionError("It lost."), RetryableTransactionError("It lost."))

        response = await send(ann, operation)

        assert (response.status_code, operation.runs) == (201, 3)
        assert (await LoanKey.all().count(), await Book.all().count()) == (1, 1)


async def test_an_expired_key_can_be_used_again(empty_database_url: str) -> None:
    async with library_with_keys(empty_database_url) as ann:
        operation = AddBook()
        await send(ann, operation, lifetime=-HOUR)

        again = await send(ann, operation, fingerprint="other")
        replayed = await send(ann, operation, fingerprint="other")

        assert (operation.runs, REPLAYED in again.headers) == (2, False)
        assert shown(replayed) == shown(again)
        assert await LoanKey.all().count() == 1


@pytest.mark.parametrize("expired", [False, True], ids=["new key", "expired key"])
async def test_of_many_concurrent_duplicates_one_runs_and_all_get_its_response(
    empty_database_url: str, *, expired: bool
) -> None:
    async with library_with_keys(empty_database_url) as ann:
        if expired:
            await send(ann, AddBook(), lifetime=-HOUR)
        operation = AddBook()

        responses = await asyncio.gather(*(send(ann, operation) for _ in range(20)))

        assert operation.runs == 1
        assert len({(status, body) for status, body, _ in map(shown, responses)}) == 1
        assert sum(REPLAYED in each.headers for each in responses) == 19


async def test_a_duplicate_waits_for_the_first_request_and_runs_if_that_fails(empty_database_url: str) -> None:
    async with library_with_keys(empty_database_url) as ann:
        begun, ended = asyncio.Event(), asyncio.Event()
        operation = AddBook()

        async def failing() -> Response:
            begun.set()
            await ended.wait()
            detail = "No copy is left."
            raise Conflict(detail)

        first = asyncio.create_task(send(ann, failing))
        await begun.wait()
        second = asyncio.create_task(send(ann, operation))
        await asyncio.wait([second], timeout=0.2)
        waited = not second.done() and operation.runs == 0
        ended.set()
        with pytest.raises(Conflict):
            await first

        assert waited
        assert ((await second).status_code, operation.runs) == (201, 1)


async def test_a_duplicate_waits_no_longer_than_for_any_lock_and_may_be_sent_again(empty_database_url: str) -> None:
    # Not through a pooler, where the limit of a lock is the role's.
    async with library_with_keys(empty_database_url, pooler=None, acquire_timeout=0.2, lock_timeout=0.3) as ann:
        begun, ended = asyncio.Event(), asyncio.Event()
        operation = AddBook()

        async def slow() -> Response:
            begun.set()
            await ended.wait()
            return await operation()

        first = asyncio.create_task(send(ann, slow))
        await begun.wait()
        with pytest.raises((LockNotAvailable, PoolTimeout)):
            await send(ann, operation)
        ended.set()

        assert shown(await first) == shown(await send(ann, operation))
        assert operation.runs == 1


class AuthorRead(ReadSchema, model=Author, exclude=("born_at", "notes", "shelf", "fee", "added_at")):
    """An author."""


async def test_a_created_row_is_shown_with_its_location_also_when_the_request_is_repeated(
    empty_database_url: str,
) -> None:
    api = FastAPI()

    @api.post("/authors")
    async def add_author(request: Request) -> Response:
        async def add() -> Response:
            author = await Author.create(name=request.query_params["to"])
            return created_response(request, author, AuthorRead, request.query_params["to"], author_id=author.id)

        return await send(ann, add, key=request.headers[KEY_HEADER], fingerprint=request.url.query)

    @api.get("/authors/{author_id}")
    async def read_author(author_id: int) -> Response:
        return await item_response(Author.filter(id=author_id), AuthorRead, missing="Author not found.")

    async with (
        library_with_keys(empty_database_url) as ann,
        AsyncClient(transport=ASGITransport(api), base_url="http://test") as client,
    ):
        first, again = [
            await client.post("/authors", params={"to": "read_author"}, headers={"Idempotency-Key": "k"})
            for _ in range(2)
        ]

        assert (first.status_code, first.json()) == (201, {"id": 2, "name": "read_author"})
        assert (again.status_code, again.content) == (201, first.content)
        assert [each.headers["Location"] for each in (first, again)] == ["/authors/2"] * 2
        assert again.headers[REPLAYED] == "true"
        assert (await client.get(first.headers["Location"])).content == first.content
        with pytest.raises(NoMatchFound):
            await client.post("/authors", params={"to": "nowhere"}, headers={KEY_HEADER: "other"})
        assert await Author.all().count() == 2


async def test_the_fingerprint_depends_on_method_path_query_and_body() -> None:
    requests = [
        ("POST", "/orders", b"", b"{}"),
        ("PUT", "/orders", b"", b"{}"),
        ("POST", "/orders/1", b"", b"{}"),
        ("POST", "/orders", b"a=1", b"{}"),
        ("POST", "/orders", b"", b"{ }"),
        ("POST", "/orders", b"", b""),
    ]

    fingerprints = [await fingerprint(*each) for each in requests]

    assert len(set(fingerprints)) == len(requests)
    assert await fingerprint(*requests[0]) == fingerprints[0]
    assert {len(each) for each in fingerprints} == {64}


async def fingerprint(method: str, path: str, query: bytes, body: bytes) -> str:
    exchange = Exchange(body, path=path, method=method)
    return await request_fingerprint(Request({**exchange.scope, "query_string": query}, exchange.receive))
