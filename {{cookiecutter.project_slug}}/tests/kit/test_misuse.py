"""What the kit's public functions take: something that would silently do something else is rejected by name."""

import importlib
import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import tortoise_kit
from tests.kit.library import Book, library
from tortoise_kit.bulk import delete_in_batches
from tortoise_kit.db import after_commit, claim_rows, lock_row, lock_rows, transaction, transactional
from tortoise_kit.sql import first

FACES = sorted(
    f"tortoise_kit.{path.parent.name}"
    for path in Path(str(tortoise_kit.__file__)).parent.glob("*/__init__.py")
    if path.parent.name not in {"development", "upstream"}
)


def taking(word: str) -> set[str]:
    """The public functions of all faces that have a parameter of this type."""
    functions = [getattr(face, name) for face in map(importlib.import_module, FACES) for name in face.__all__]
    hints = {each.__name__: inspect.get_annotations(each) for each in functions if inspect.isfunction(each)}
    return {
        name for name, own in hints.items() if any(word in str(kind) for key, kind in own.items() if key != "return")
    }


ran: list[str] = []


async def coroutine_function() -> None:
    ran.append("ran")


def plain_function() -> None:
    ran.append("ran")


def generator() -> Generator[int]:
    yield 1


async def async_generator() -> AsyncGenerator[int]:
    yield 1


class Sender:
    async def send(self) -> None:
        ran.append("ran")

    def plain(self) -> None:
        ran.append("ran")

    @classmethod
    async def of_class(cls) -> None:
        ran.append("ran")

    async def __call__(self) -> None:
        ran.append("ran")


class PlainSender:
    def __call__(self) -> None:
        ran.append("ran")


AWAITABLE: dict[str, Any] = {
    "coroutine function": coroutine_function,
    "partial": partial(coroutine_function),
    "partial of a partial": partial(partial(Sender().send)),
    "method": Sender().send,
    "class method": Sender.of_class,
    "instance with __call__": Sender(),
}
OTHERS: dict[str, Any] = {
    "plain_function": plain_function,
    "generator": generator,
    "async_generator": async_generator,
    "Sender.plain": Sender().plain,
    "<lambda>": lambda: None,
    "PlainSender": PlainSender(),
    "Sender": Sender,
    "Sender.of_class": vars(Sender)["of_class"],  # as a decorator below `@classmethod` would not see it
}


def test_all_functions_that_take_a_function_or_a_queryset_are_known() -> None:
    """A new one must be added here, with what it does if it is given something else."""
    assert taking("Callable") | taking("Hook") == {
        "after_commit",
        "install_problems",
        "interact",  # whose caller is the command
        "mount",
        "owner_scope",
        "policy",
    }
    assert taking("QuerySet") == {*LISTS, "first", "item_response", "paginate", "selective_filter", "values_of"}


@pytest.mark.parametrize("kind", AWAITABLE)
async def test_all_kinds_of_coroutine_functions_are_called(empty_database_url: str, kind: str) -> None:
    ran.clear()
    async with library(empty_database_url) as using:
        await transactional(using=using)(AWAITABLE[kind])()
        async with transaction(using=using):
            after_commit(AWAITABLE[kind], using=using)

    assert ran == ["ran", "ran"]


@pytest.mark.parametrize("name", OTHERS)
async def test_what_is_no_coroutine_function_is_rejected_by_name(empty_database_url: str, name: str) -> None:
    ran.clear()
    async with library(empty_database_url) as using, transaction(using=using):
        with pytest.raises(TypeError, match=rf"after_commit needs a coroutine function, and .*{name} is not one"):
            after_commit(OTHERS[name], using=using)
        with pytest.raises(TypeError, match=rf"transactional needs a coroutine function, and .*{name} is not one"):
            transactional(using=using)(OTHERS[name])

    assert ran == []


async def deleted(rows: Any) -> list[int]:
    return [count async for count in delete_in_batches(rows)]


LISTS: dict[str, Callable[[Any], Awaitable[Any]]] = {
    "lock_rows": lock_rows,
    "lock_row": lock_row,
    "claim_rows": lambda rows: claim_rows(rows, 5),
    "delete_in_batches": deleted,
}
NO_LISTS: dict[str, Callable[[], Any]] = {
    "values": lambda: Book.all().values("id"),
    "values_list": lambda: Book.all().values_list("id", flat=True),
    "first": lambda: Book.all().first(),
    "get": lambda: Book.get(id=1),
    "count": lambda: Book.all().count(),
    "model": lambda: Book,
    "list": lambda: [Book(id=1)],
}


@pytest.mark.parametrize("rows", NO_LISTS)
@pytest.mark.parametrize("name", LISTS)
async def test_what_is_no_queryset_of_models_is_rejected(empty_database_url: str, name: str, rows: str) -> None:
    async with library(empty_database_url, name="default"):
        await Book.create(id=1, title="a")
        async with transaction():
            with pytest.raises(TypeError, match=rf"^{name} needs a queryset of models"):
                await LISTS[name](NO_LISTS[rows]())

        assert await Book.all().count() == 1


async def test_the_first_row_is_that_of_any_queryset(empty_database_url: str) -> None:
    async with library(empty_database_url, name="default"):
        await Book.create(id=1, title="a")
        for rows in (Book.all(), Book.all().first(), Book.get(id=1)):
            found = await first(rows)  # type: ignore[arg-type]  # deliberately not a list

            assert found is not None
            assert found.id == 1


@pytest.mark.parametrize("name", ["claim_rows", "delete_in_batches"])
async def test_a_limit_that_would_be_replaced_is_rejected(empty_database_url: str, name: str) -> None:
    async with library(empty_database_url, name="default"), transaction():
        for rows in (Book.all().limit(1), Book.all().offset(1)):
            with pytest.raises(ValueError, match=rf"{name} .* without limit\(\) and offset\(\)"):
                await LISTS[name](rows)
