import ast
import asyncio
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from tortoise import fields
from tortoise.exceptions import TransactionManagementError
from tortoise.expressions import Q
from tortoise.functions import Count, Lower
from tortoise.models import Model
from tortoise.queryset import QuerySet

import app
from tests.kit.library import Author, Book, Label, library
from tortoise_kit.db.errors import LockNotAvailable
from tortoise_kit.db.locks import claim_rows, lock_name, lock_row, lock_rows
from tortoise_kit.db.transactions import start_task, transaction
from tortoise_kit.development.testing import recorded_statements
from tortoise_kit.problems.errors import NotFound

SOURCES = sorted(Path(str(app.__file__)).parent.rglob("*.py"))


async def test_locked_rows_cannot_be_changed_by_others_until_the_transaction_ends(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        author = await Author.create(name="Ann", fee=0)

        async def increment() -> None:
            async with transaction(using=using):
                (row,) = await lock_rows(Author.filter(id=author.id))
                row.fee += 1
                await asyncio.sleep(0.001)
                await row.save(update_fields=["fee"])

        await asyncio.gather(*(increment() for _ in range(10)))

        assert (await Author.get(id=author.id)).fee == 10


async def test_locking_a_missing_row_returns_none(empty_database_url: str) -> None:
    async with library(empty_database_url) as using, transaction(using=using):
        assert await lock_row(Author.filter(name="nobody")) is None


async def test_locking_a_missing_row_raises_not_found_if_it_has_a_text(empty_database_url: str) -> None:
    async with library(empty_database_url) as using, transaction(using=using):
        author = await Author.create(name="Ann")

        assert await lock_row(Author.filter(name="Ann"), missing="Author not found.") == author
        with pytest.raises(NotFound, match=r"^Author not found\.$"):
            await lock_row(Author.filter(name="nobody"), missing="Author not found.")


async def test_a_lock_needs_a_transaction_that_may_write(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        with pytest.raises(TransactionManagementError, match="lock_rows needs an open transaction"):
            await lock_rows(Author.all())
        with pytest.raises(TransactionManagementError, match="lock_name needs an open transaction"):
            await lock_name("stock", using=using)
        async with transaction(using=using, readonly=True):
            with pytest.raises(TransactionManagementError, match="read-only"):
                await lock_rows(Author.all())


async def test_workers_claim_different_rows(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        for number in range(6):
            await Author.create(name=f"{number}")
        done: list[str] = []

        async def work() -> None:
            async with transaction(using=using):
                for author in await claim_rows(Author.filter(shelf="open").order_by("id"), 2):
                    done.append(author.name)
                    await asyncio.sleep(0.001)
                    await Author.filter(id=author.id).update(shelf="closed")

        await asyncio.gather(*(work() for _ in range(3)))

        assert sorted(done) == [f"{number}" for number in range(6)]


class Crate(Model):
    """In a schema, with a renamed key, and relations to its own and another model, one of them required."""

    id = fields.IntField(primary_key=True, source_field="crate no")
    parent: fields.ForeignKeyNullableRelation["Crate"] = fields.ForeignKeyField(
        "library.Crate", related_name="crates", null=True
    )
    owner: fields.ForeignKeyRelation[Author] = fields.ForeignKeyField("library.Author", related_name="crates")

    class Meta:
        table = "kit crates"
        schema = "kit stock"


SHAPES: dict[str, Callable[[], QuerySet[Crate]]] = {
    "plain": Crate.all,
    "select_related": lambda: Crate.all().select_related("parent", "owner"),
    "order over a nullable relation": lambda: Crate.all().order_by("parent__owner__name", "id"),
    "filter by a required relation": lambda: Crate.filter(owner__name="Ann"),
    "filter by both": lambda: Crate.filter(Q(parent__owner__name="Ann") | Q(owner__name="Ann")),
    "filter by a relation to many": lambda: Crate.filter(owner__books__title="x"),
    "exclude": lambda: Crate.exclude(parent__owner__name="Bob"),
    "annotated": lambda: Crate.all().annotate(name=Lower("owner__name")).order_by("name"),
    "only": lambda: Crate.all().only("id"),
    "limited": lambda: Crate.all().order_by("id").limit(5),
    "prefetched": lambda: Crate.all().prefetch_related("parent", "owner__books"),
}


@pytest.mark.only("postgres")
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("options", [{}, {"nowait": True}, {"skip_locked": True}], ids=str)
async def test_only_the_models_own_rows_are_locked(
    empty_database_url: str, shape: str, options: dict[str, bool]
) -> None:
    other = await asyncpg.connect(empty_database_url)
    await other.execute('CREATE SCHEMA "kit stock"')

    async def free(table: str) -> int:
        return len(await other.fetch(f"SELECT FROM {table} FOR UPDATE SKIP LOCKED"))

    async with library(empty_database_url, more=(__name__,)) as using:
        ann = await Author.create(name="Ann")
        await Book.create(title="x", author=ann)
        outer = await Crate.create(owner=ann)
        inner = await Crate.create(owner=ann, parent=outer)
        async with transaction(using=using):
            locked = await lock_rows(SHAPES[shape](), **options)

            assert {each.id for each in locked} >= {inner.id}
            assert await free('"kit stock"."kit crates"') == 2 - len(locked)
            assert await free("kit_authors") == await free("kit_books") == 1
        assert await free('"kit stock"."kit crates"') == 2
    await other.close()


@pytest.mark.parametrize("options", [{}, {"nowait": True}, {"skip_locked": True}], ids=str)
async def test_the_sql_of_a_lock_is_the_one_that_tortoise_builds_each_time(
    empty_database_url: str, database: str, options: dict[str, bool]
) -> None:
    async with library(empty_database_url) as using, transaction(using=using):
        for name in ("Ann", "Bob", "Cid"):
            rows = Author.filter(Q(name=name) | Q(fee__gt=len(name)), shelf="open").order_by("-name").limit(3)
            with recorded_statements(using) as here:
                await lock_rows(rows, **options)
            with recorded_statements(using) as there:
                await rows.select_for_update(**options, of=("kit_authors",))

            [(text, values)], [(expected, parameters)] = here, there
            *others, limit = parameters
            assert limit == 3
            assert values == others
            assert text.replace("LIMIT 3", f"LIMIT {'$4' if database == 'postgres' else '?'}") == expected


@pytest.mark.only("postgres")
async def test_nowait_and_skip_locked_look_only_at_the_models_own_rows(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        ann = await Author.create(name="Ann")
        await Book.create(title="x", author=ann)
        joined = Book.filter(author__name="Ann").select_related("author").order_by("author__born_at", "id")

        async def rival() -> tuple[int, int]:
            async with transaction(using=using):
                return len(await claim_rows(joined, 2)), len(await lock_rows(joined, nowait=True))

        async with transaction(using=using):
            await lock_rows(Author.all())
            assert await start_task(rival()) == (1, 1)


@pytest.mark.parametrize(
    "rows",
    [
        lambda: Author.all().distinct(),
        lambda: Author.all().annotate(count=Count("books")),
        lambda: Author.all().group_by("shelf"),
    ],
    ids=["distinct", "aggregate", "group by"],
)
async def test_results_that_are_no_rows_of_a_table_cannot_be_locked(
    empty_database_url: str, rows: Callable[[], QuerySet[Author]]
) -> None:
    async with library(empty_database_url) as using, transaction(using=using):
        with pytest.raises(ValueError, match="lock_rows cannot use the rows"):
            await lock_rows(rows())


async def tagged(number: int) -> None:
    """Books of which each has three labels, so that a filter by them finds it three times."""
    labels = [await Label.create(code=uuid4(), text="blue") for _ in range(3)]
    for each in range(number):
        await (await Book.create(title=f"{each}")).labels.add(*labels)


async def test_a_row_that_a_filter_finds_several_times_is_returned_once(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        await tagged(4)
        blue = Book.filter(labels__text="blue").order_by("-title")

        async with transaction(using=using):
            assert [each.title for each in await lock_rows(blue)] == ["3", "2", "1", "0"]
            assert [each.title for each in await claim_rows(blue, 3)] == ["3", "2", "1"]
            assert [each.title for each in await claim_rows(blue, 9)] == ["3", "2", "1", "0"]


@pytest.mark.only("postgres")
async def test_nowait_fails_at_once_on_a_locked_row(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        await Author.create(name="Ann")

        async def rival() -> None:
            async with transaction(using=using):
                await lock_row(Author.all(), nowait=True)

        async with transaction(using=using):
            await lock_row(Author.all())
            with pytest.raises(LockNotAvailable):
                await start_task(rival())


async def test_one_transaction_at_a_time_holds_a_name(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        holders: list[int] = []

        async def work() -> None:
            async with transaction(using=using):
                await lock_name("report", using=using)
                holders.append(len(holders))
                before = len(holders)
                await asyncio.sleep(0.002)
                assert len(holders) == before

        await asyncio.gather(*(work() for _ in range(4)))

        assert len(holders) == 4


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_the_service_locks_rows_only_through_the_kit(source: Path) -> None:
    """Tortoise drops select_for_update() on SQLite, and before .values() and .count()."""
    calls = [node for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.Attribute)]
    locking = [node.lineno for node in calls if node.attr == "select_for_update"]

    assert source.name == "locks.py" or locking == [], f"{source}:{locking}: call tortoise_kit.db.locks.lock_rows"
