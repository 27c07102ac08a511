"""Repeated statements of a request are found, and a browser sees how long its queries took."""

import logging
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.kit.library import Author, Book, library
from tortoise_kit.bulk.write import insert_many
from tortoise_kit.db.errors import RetryableTransactionError
from tortoise_kit.db.transactions import transaction, transactional
from tortoise_kit.http.query_watch import (
    RepeatedQueriesMiddleware,
    RepeatedQueryError,
    ServerTimingMiddleware,
    StatementLogMiddleware,
)

READING_LINE = re.compile(r"tests/kit/http/test_query_watch\.py:\d+")


def service(using: str) -> FastAPI:
    app = FastAPI()

    @app.get("/titles/{count}")
    async def titles(count: int) -> list[str]:
        return [
            (await Book.get(id=book_id)).title for book_id in (await Book.all().values_list("id", flat=True))[:count]
        ]

    @app.get("/lists/{count}")
    async def lists(count: int) -> int:
        return sum([await Book.filter(id__in=list(range(number + 1))).count() for number in range(count)])

    @app.post("/authors/{count}")
    async def authors(count: int) -> None:
        async with transaction(using=using):
            for number in range(count):
                async with transaction(using=using):
                    await insert_many([Author(name=f"{number}")])

    @app.post("/tries/{count}")
    async def tries(count: int) -> int:
        left = iter(range(count - 1))

        @transactional(using=using, attempts=count)
        async def lose() -> int:
            found = await Book.all().count()
            for _ in left:
                raise RetryableTransactionError
            return found

        return await lose()

    return app


@asynccontextmanager
async def calling(app: ASGIApp) -> AsyncGenerator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client


async def test_one_repetition_too_many_raises_with_its_line_and_the_remedy(
    empty_database_url: str,
) -> None:
    async with library(empty_database_url) as using:
        await insert_many(Book(title=f"{number}") for number in range(6))

        async with calling(RepeatedQueriesMiddleware(service(using), most=5, raises=True)) as client:
            assert len((await client.get("/titles/5")).json()) == 5
            with pytest.raises(RepeatedQueryError, match="at most 5 are allowed: read all rows at once") as raised:
                await client.get("/titles/6")

        assert str(raised.value).startswith("6 x at ")
        assert READING_LINE.search(str(raised.value))
        assert "titles" in [entry.name for entry in raised.traceback]


async def test_lists_of_values_of_different_length_are_the_same_statement(empty_database_url: str) -> None:
    async with (
        library(empty_database_url) as using,
        calling(RepeatedQueriesMiddleware(service(using), most=2, raises=True)) as client,
    ):
        await client.get("/lists/2")
        with pytest.raises(RepeatedQueryError):
            await client.get("/lists/3")


async def test_each_request_is_counted_separately(empty_database_url: str) -> None:
    async with (
        library(empty_database_url) as using,
        calling(RepeatedQueriesMiddleware(service(using), most=2, raises=True)) as client,
    ):
        for _ in range(3):
            assert (await client.get("/lists/2")).status_code == 200


async def test_a_warning_names_route_line_number_and_statement_once_for_a_request(
    empty_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with library(empty_database_url) as using:
        await insert_many(Book(title=f"canary {number}") for number in range(7))

        with caplog.at_level(logging.WARNING):
            async with calling(RepeatedQueriesMiddleware(service(using), most=5, raises=False)) as client:
                titles = (await client.get("/titles/7")).json()
                await client.get("/titles/5")

        assert len(titles) == 7
        [record] = caplog.records
        [repeated] = record.__dict__["statements"]
        assert (record.getMessage(), record.__dict__["route"]) == ("statement.repeated", "/titles/{count}")
        assert repeated.startswith("7 x at ")
        assert READING_LINE.search(repeated)
        assert 'FROM "kit_books" WHERE' in repeated
        assert "canary" not in repr(record.__dict__)


async def test_savepoints_do_not_count(empty_database_url: str) -> None:
    async with (
        library(empty_database_url) as using,
        calling(RepeatedQueriesMiddleware(service(using), most=4, raises=True)) as client,
    ):
        assert (await client.post("/authors/4")).status_code == 200


async def test_each_attempt_of_a_transaction_is_counted_separately(empty_database_url: str) -> None:
    async with (
        library(empty_database_url) as using,
        calling(RepeatedQueriesMiddleware(service(using), most=1, raises=True)) as client,
    ):
        assert (await client.post("/tries/4")).status_code == 200


async def test_server_timing_has_milliseconds_and_the_number_of_queries(empty_database_url: str) -> None:
    async with library(empty_database_url) as using, calling(ServerTimingMiddleware(service(using))) as client:
        header = (await client.get("/lists/3")).headers["Server-Timing"]

        found = re.fullmatch(r'app;dur=(\d+\.\d), db;dur=(\d+\.\d);desc="(\d+) queries"', header)
        assert found is not None, header
        assert float(found[1]) >= float(found[2])
        assert found[3] == "3"


async def test_server_timing_is_added_to_the_apps_own() -> None:
    async def inner(scope: Scope, _receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"server-timing", b"cache;dur=1")]})
        await send({"type": "http.response.body", "body": b""})

    async with calling(ServerTimingMiddleware(inner)) as client:
        headers = (await client.get("/")).headers.get_list("Server-Timing")

    assert headers[0] == "cache;dur=1"
    assert headers[1].endswith('desc="0 queries"')


async def test_other_scopes_pass_both_middlewares() -> None:
    seen = []

    async def inner(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        raise AssertionError(message)

    for app in (RepeatedQueriesMiddleware(inner, most=1, raises=True), ServerTimingMiddleware(inner)):
        await app({"type": "websocket"}, receive, send)

    assert seen == ["websocket", "websocket"]


async def test_statements_are_logged_with_their_lines_and_without_values(
    empty_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with library(empty_database_url) as using:
        app = service(using)

        @app.get("/secret")
        async def secret() -> int:
            rows: list[Book] = await Book.raw("SELECT * FROM kit_books WHERE id = 4711")
            return await Book.filter(title="c4nary").count() + len(rows)

        with caplog.at_level(logging.INFO, logger="tortoise_kit"):
            async with calling(StatementLogMiddleware(app)) as client:
                await client.get("/secret")
                await client.get("/nowhere")

    (record,) = [record for record in caplog.records if record.name == "tortoise_kit.http.query_watch"]
    title, *lines = record.getMessage().splitlines()
    assert title == "GET /secret: 2 queries"
    assert all(re.match(r" +\d+\.\d ms  SELECT ", line) and READING_LINE.search(line) for line in lines)
    assert "c4nary" not in record.getMessage()
    assert "4711" not in record.getMessage()
