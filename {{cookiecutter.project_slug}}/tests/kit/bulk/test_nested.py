"""An object inserted with those that refer to it: the same rows as `create` stores, in one statement on Postgres."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError, ValidationError
from tortoise.models import Model

from tests.kit.generated import Values, World, worlds
from tests.kit.library import Author, Book, Label, library
from tortoise_kit.bulk import nested
from tortoise_kit.bulk.increment import increment_many
from tortoise_kit.bulk.nested import insert_with
from tortoise_kit.bulk.rows import BulkError
from tortoise_kit.db.transactions import transaction
from tortoise_kit.development.testing import wire_to
from tortoise_kit.models.wiring import prepare_models
from tortoise_kit.sql.budgets import query_budget

WORLDS, WORLDS_OF_A_NIGHT = 12, 120


async def check_worlds(url: str, database: str, numbers: Sequence[int]) -> None:
    async with worlds(url, numbers, database) as made:
        for each in made:
            if each.number % 3:
                prepare_models(shape.model for shape in each.shapes)
            for keyed in (False, True):  # a given key may be the last one that a sequence has
                await check(each, keyed=keyed)
            await check_increments(each)


async def check(made: World, *, keyed: bool) -> None:
    """The same rows by `create` and by `insert_with`, outside of a transaction and inside, with keys and without."""
    results = []
    for inserts, scope in ((False, nullcontext()), (True, nullcontext()), (True, transaction(using="generated"))):
        async with scope:
            results.append(await written(made, keyed=keyed, inserts=inserts))
            await made.middle.model.all().delete()
            await made.base.model.all().delete()
    assert results[0] == results[1] == results[2], made.number


async def written(made: World, *, keyed: bool, inserts: bool) -> list[Any]:
    """What each object has afterwards, and what is stored; generated keys as their place among them."""
    base, middle, names = made.base, made.middle, made.names
    reference, other = f"{names['base']}_id", f"{names['other']}_id"
    owners: list[Any] = []
    objects: list[Any] = []
    for at, row in enumerate(base.rows):
        owner = base.model(**given(base.model, row, keyed=keyed))
        others = {other: getattr(owners[0], made.targets["other"])} if owners else {}
        rows = [given(middle.model, each, keyed=keyed) | others for each in middle.rows[at : at + 1] if owners]
        if inserts:
            related = [middle.model(**each) for each in rows]
            await insert_with(owner, **{names["middles"]: related})
            assert list(getattr(owner, names["middles"])) == related
        else:
            await owner.save(force_create=True)
            value = getattr(owner, made.targets["base"])
            related = [await middle.model.create(**each, **{reference: value}) for each in rows]
        owners.append(owner)
        objects += related
    stored = [await model.all().order_by("key") for model in (base.model, middle.model)]
    places = {owner.pk: place for place, owner in enumerate(owners)}
    return [[shown(each, places, {"key", *_to_keys(made)}) for each in found] for found in (owners, objects, *stored)]


def given(model: type[Model], row: Values, *, keyed: bool) -> Values:
    leaves_out = not keyed and model._meta.pk.generated
    return {name: value for name, value in row.items() if not (leaves_out and name == "key") and name in _own(model)}


def _own(model: type[Model]) -> set[str]:
    relations = model._meta.fk_fields
    return {name for name in model._meta.fields_db_projection if name.removesuffix("_id") not in relations}


def _to_keys(made: World) -> list[str]:
    return [f"{made.names[relation]}_id" for relation, target in made.targets.items() if target == "key"]


def shown(instance: Model, places: dict[Any, int], keys: set[str]) -> Values:
    values = {name: getattr(instance, name) for name in instance._meta.fields_db_projection}
    generated = instance._meta.pk.generated
    own = {} if not generated else {"key": None}
    return values | {name: places.get(values[name]) for name in keys & values.keys() if name != "key"} | own


async def check_increments(made: World) -> None:
    """Numbers and their columns by any name, in rows with any kind of key; NULL stays NULL."""
    model, rows = made.base.model, made.base.rows
    for row in rows:
        await model.create(**row)

    changed = await increment_many(model, "number", {row["key"]: -10 * at for at, row in enumerate(rows[1:], start=1)})

    less = {row["key"]: None if row["number"] is None else row["number"] - 10 * at for at, row in enumerate(rows)}
    assert {each.pk: each.number for each in await model.all()} == less, made.number  # type: ignore[attr-defined]
    assert [each.pk for each in changed] == sorted(row["key"] for row in rows[1:])
    assert all(each.number == less[each.pk] for each in changed)  # type: ignore[attr-defined]
    await model.all().delete()


async def test_rows_are_those_that_create_stores(empty_database_url: str, database: str) -> None:
    await check_worlds(empty_database_url, database, range(WORLDS))


@pytest.mark.nightly
async def test_rows_of_many_models_are_those_that_create_stores(empty_database_url: str, database: str) -> None:
    await check_worlds(empty_database_url, database, range(WORLDS, WORLDS_OF_A_NIGHT))


def books(*copies: int | None) -> list[Book]:
    """Books with this number of copies; None leaves it to the database."""
    return [Book(title=f"{at}", **({} if each is None else {"copies": each})) for at, each in enumerate(copies)]


@pytest.mark.parametrize("batch_size", [5000, 2])
async def test_objects_of_one_relation_may_leave_out_different_fields(
    empty_database_url: str, batch_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nested, "BATCH_SIZE", batch_size)
    async with library(empty_database_url):
        given = books(None, 5, None, 7, None)

        ann = await insert_with(Author(name="Ann"), books=given)

        stored = await Book.filter(author=ann).order_by("title").values_list("title", "copies")
        assert stored == [("0", 1), ("1", 5), ("2", 1), ("3", 7), ("4", 1)]
        assert [each.author_id for each in given] == [ann.id] * 5
        assert [each.copies for each in given] == [1, 5, 1, 7, 1]
        assert {each.id: each.title for each in given} == dict(await Book.all().values_list("id", "title"))
        with query_budget(0):
            assert list(ann.books) == given
        given[0].title = "new"
        await given[0].save()
        assert await Book.all().count() == 5


async def test_all_models_are_one_statement_on_postgres(empty_database_url: str, database: str) -> None:
    async with library(empty_database_url):
        with query_budget(exactly=1 if database == "postgres" else 2):
            await insert_with(Author(name="Ann"), books=books(1, 2, 3), loans=[])


@pytest.mark.only("postgres")
async def test_it_is_one_round_trip_and_leaves_nothing_in_the_session(empty_database_url: str) -> None:
    async with wire_to(empty_database_url) as wire, library(wire.url, pooler=None, max_size=1) as using:
        await insert_with(Author(name="first"), books=books(None))  # prepares the statement
        before = wire.round_trips

        await insert_with(Author(name="second"), books=books(None))
        trips = wire.round_trips - before
        async with transaction(using=using):
            await insert_with(Author(name="third"), books=books(None))

        assert (trips, wire.round_trips - before - trips) == (1, 3)


async def test_all_rows_are_stored_or_none(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        await Author.create(name="Ann")
        too_long = [Book(title="x"), Book(title="x" * 51)]

        with pytest.raises(IntegrityError):
            await insert_with(Author(name="Ann"), books=books(1))
        with pytest.raises(ValidationError, match="title"):
            await insert_with(Author(name="Bob"), books=too_long)
        async with transaction(using=using):
            with pytest.raises(ValidationError, match="title"):
                await insert_with(Author(name="Bob"), books=too_long)

        assert (await Author.all().count(), await Book.all().count()) == (1, 0)


async def test_a_given_key_is_kept_and_keys_go_on_behind_it(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await insert_with(Author(id=100, name="Ann"), books=[Book(id=50, title="first"), Book(title="second")])
        bob = await insert_with(Author(name="Bob"), books=books(1))

        assert bob.id > 100
        assert sorted(await Book.all().values_list("author_id", "id")) == [(100, 50), (100, 51), (bob.id, 52)]


async def test_what_is_no_relation_to_many_or_of_another_model_is_rejected_before_anything_is_sent(
    empty_database_url: str,
) -> None:
    async with library(empty_database_url):
        saved = await Book.create(title="saved")
        with query_budget(0):
            with pytest.raises(TypeError, match=r"Author\.friends is not the other end of a foreign key"):
                await insert_with(Author(name="Ann"), friends=[])
            with pytest.raises(TypeError, match=r"Book\.labels is not"):
                await insert_with(Book(title="x"), labels=[])
            with pytest.raises(BulkError, match=r"Author\.books has Book objects, not Label"):
                await insert_with(Author(name="Ann"), books=[Label(text="x")])
            with pytest.raises(BulkError, match="is saved already"):
                await insert_with(Author(name="Ann"), books=[saved])
            with pytest.raises(BulkError, match="is saved already"):
                await insert_with(saved)
