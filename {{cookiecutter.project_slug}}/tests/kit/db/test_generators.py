"""Transactions and async generators: one that could stay open is rejected, and every one returns its connection."""

import asyncio
import gc
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import Annotated, Any

import httpx2
import pytest
from fastapi import Depends, FastAPI
from tortoise.exceptions import TransactionManagementError
from tortoise.transactions import in_transaction

from tests.kit.db.test_engines import slots_in_use
from tests.kit.library import Author, library
from tortoise_kit.db.engines.transaction_state import GENERATOR
from tortoise_kit.db.transactions import is_in_transaction, transaction, transactional

type Generator = Callable[[str], AsyncGenerator[int]]


@asynccontextmanager
async def unit(using: str) -> AsyncIterator[None]:
    async with transaction(using=using):
        yield


@asynccontextmanager
async def unit_of_unit(using: str) -> AsyncIterator[None]:
    async with unit(using):
        yield


class UnitOfWork:
    def __init__(self, using: str) -> None:
        self.block: Any = transaction(using=using)

    async def __aenter__(self) -> None:
        await self.block.__aenter__()

    async def __aexit__(self, *error: object) -> None:
        await self.block.__aexit__(*error)


async def kits(using: str) -> AsyncGenerator[int]:
    async with transaction(using=using):
        yield 1


async def tortoises(using: str) -> AsyncGenerator[int]:
    async with in_transaction(using):
        yield 1


async def by_context_manager(using: str) -> AsyncGenerator[int]:
    async with unit_of_unit(using):
        yield 1


async def by_class(using: str) -> AsyncGenerator[int]:
    async with UnitOfWork(using):
        yield 1


async def by_stack(using: str) -> AsyncGenerator[int]:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(transaction(using=using))
        yield 1


async def by_generator(using: str) -> AsyncGenerator[int]:
    async for value in kits(using):
        yield value


HOLDING: list[Generator] = [kits, tortoises, by_context_manager, by_class, by_stack, by_generator]


@pytest.mark.parametrize("generator", HOLDING, ids=lambda each: each.__name__)
@pytest.mark.parametrize("nested", [False, True], ids=["outermost", "nested"])
async def test_a_generator_that_would_hold_a_transaction_between_two_values_is_rejected(
    empty_database_url: str, generator: Generator, *, nested: bool
) -> None:
    async with library(empty_database_url, max_size=1, acquire_timeout=0.5) as using:

        async def consume() -> None:
            with pytest.raises(TransactionManagementError, match=GENERATOR):
                async for _ in generator(using):
                    raise AssertionError
            await Author.create(name="consumer's")

        if nested:
            async with transaction(using=using):
                await consume()
        else:
            await consume()
            assert not is_in_transaction(using)

        assert await slots_in_use(using) == 0
        assert [author.name for author in await Author.all()] == ["consumer's"]


async def test_what_a_generator_awaits_may_open_transactions(empty_database_url: str) -> None:
    async with library(empty_database_url, max_size=1) as using:

        @transactional(using=using)
        async def store(name: str) -> int:
            return int((await Author.create(name=name)).id)

        async def in_a_block(name: str) -> int:
            async with UnitOfWork(using), AsyncExitStack() as stack:
                await stack.enter_async_context(unit_of_unit(using))
                return await store(name)

        async def stored() -> AsyncGenerator[int]:
            yield await store("Ann")
            yield await in_a_block("Bob")

        async with aclosing(stored()) as values:
            async for _ in values:
                assert not is_in_transaction(using)

        assert await Author.all().count() == 2


async def test_a_context_manager_may_open_a_transaction_on_the_way_out(empty_database_url: str) -> None:
    async with library(empty_database_url, max_size=1) as using:

        @asynccontextmanager
        async def noted() -> AsyncIterator[None]:
            yield
            async with transaction(using=using):
                await Author.create(name="Ann")

        async with noted():
            assert not is_in_transaction(using)

        assert await Author.all().count() == 1


@pytest.mark.parametrize("scope", ["function", "request"])
async def test_a_dependency_may_hold_a_transaction(empty_database_url: str, scope: Any) -> None:
    async with library(empty_database_url, max_size=1) as using:
        app = FastAPI()

        async def opened() -> AsyncIterator[None]:
            async with unit(using):
                yield

        @app.post("/authors")
        async def create(_opened: Annotated[None, Depends(opened, scope=scope)]) -> bool:
            await Author.create(name="Ann")
            return is_in_transaction(using)

        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test") as client:
            assert (await client.post("/authors")).json() is True

        assert await slots_in_use(using) == 0
        assert await Author.all().count() == 1


# --- blocks that are entered in a way that cannot be seen, and left in another context


async def entered_unseen(block: Any) -> None:
    await block.__aenter__()


async def unseen(using: str) -> AsyncGenerator[int]:
    block = transaction(using=using)
    await entered_unseen(block)
    try:
        yield 1
        yield 2
    finally:
        await block.__aexit__(None, None, None)


async def break_off(using: str) -> None:
    async for _ in unseen(using):
        break


async def return_early(using: str) -> int:
    async for value in unseen(using):
        return value
    raise AssertionError


async def fail(using: str) -> None:
    with pytest.raises(ZeroDivisionError):
        async for _ in unseen(using):
            raise ZeroDivisionError


async def be_cancelled(using: str) -> None:
    async def consume() -> None:
        async for _ in unseen(using):
            await asyncio.sleep(3600)

    task = asyncio.create_task(consume())
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def forget(using: str) -> None:
    values = unseen(using)
    circle: list[Any] = [values]
    circle.append(circle)  # only the garbage collector frees it
    await anext(values)


async def close_elsewhere(using: str) -> None:
    values = unseen(using)
    await asyncio.create_task(anext(values))
    await asyncio.create_task(values.aclose())


async def use_up(using: str) -> None:
    async for _ in unseen(using):
        pass


WAYS = [break_off, return_early, fail, be_cancelled, forget, close_elsewhere, use_up]


@pytest.mark.parametrize("leave", WAYS, ids=lambda each: each.__name__)
async def test_a_block_gives_its_connection_back_in_whatever_context_it_ends(
    empty_database_url: str, leave: Callable[[str], Coroutine[Any, Any, object]]
) -> None:
    async with library(empty_database_url, max_size=1, acquire_timeout=2) as using:
        await asyncio.create_task(leave(using))
        gc.collect()

        await Author.create(name="Ann")  # waits for the connection

        assert await slots_in_use(using) == 0
