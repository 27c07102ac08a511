"""One change of the models at a time: both databases end, there and back, in the schema of the models."""

from collections.abc import Callable, Iterable
from enum import Enum, StrEnum
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pypika_tortoise.terms import PseudoColumn
from tortoise import fields
from tortoise.context import TortoiseContext
from tortoise.contrib.postgres.indexes import GinIndex
from tortoise.fields.db_defaults import SqlDefault
from tortoise.indexes import Index

from tests.kit.development.conftest import Models, Write
from tortoise_kit import migrations
from tortoise_kit.db.engines import schema_generators
from tortoise_kit.development.migrations import check, make, states
from tortoise_kit.development.migrations.names import ordered
from tortoise_kit.development.migrations.schema_model import Column, Table
from tortoise_kit.development.migrations.snapshot import Snapshot, current
from tortoise_kit.development.testing import catalog, create_from_models, execute, models_config
from tortoise_kit.migrations import MigrationError
from tortoise_kit.models import GinIndex as ExpressionIndex

NOWHERE = "postgres://nobody@127.0.0.1:1/nowhere"


class Kind(StrEnum):
    ONE = "one"


class Grade(Enum):
    HIGH = "high"


NAMED = {"name": fields.CharField(max_length=20)}


def item(**attributes: Any) -> Models:
    """One model with a name, and what is given."""
    return {"Item": {"name": fields.CharField(max_length=20), **attributes}}


def owned(**attributes: Any) -> Models:
    """A model that others refer to, and the one that is given."""
    return {"Owner": {"name": fields.CharField(max_length=20)}, **item(**attributes)}


def coded() -> Models:
    return {"Owner": {"code": fields.CharField(max_length=9, unique=True)}}


def owner_field(**options: Any) -> Any:
    return fields.ForeignKeyField("models.Owner", **options)


CHANGES: dict[str, tuple[Callable[[], Models], Callable[[], Models]]] = {
    "a table comes": (item, lambda: owned(owner=owner_field(null=True))),
    "a nullable column comes": (item, lambda: item(size=fields.IntField(null=True))),
    "a column with a default comes": (item, lambda: item(ok=fields.BooleanField(default=False))),
    "an enum with a default comes": (item, lambda: item(kind=fields.CharEnumField(Kind, default=Kind.ONE))),
    "a column with SQL as default comes": (item, lambda: item(size=fields.IntField(db_default=SqlDefault("(1 + 1)")))),
    "a default of the database changes": (
        lambda: item(size=fields.IntField(db_default=1)),
        lambda: item(size=fields.IntField(db_default=2)),
    ),
    "a number gets more digits": (
        lambda: item(price=fields.DecimalField(max_digits=5, decimal_places=2, default=1)),
        lambda: item(price=fields.DecimalField(max_digits=9, decimal_places=2, default=1)),
    ),
    "a foreign key to another column than the key comes": (
        lambda: item() | coded(),
        lambda: item(owner=owner_field(null=True, to_field="code")) | coded(),
    ),
    "a type changes under a default": (
        lambda: item(size=fields.BooleanField(db_default=True)),
        lambda: item(size=fields.CharField(max_length=9, db_default="true")),
    ),
    "a column becomes nullable": (
        lambda: item(a=fields.IntField(default=1)),
        lambda: item(a=fields.IntField(null=True)),
    ),
    "a text becomes longer": (
        lambda: item(a=fields.CharField(max_length=5, default="")),
        lambda: item(a=fields.CharField(max_length=6, default="")),
    ),
    "a column becomes indexed": (
        lambda: item(a=fields.IntField(null=True)),
        lambda: item(a=fields.IntField(null=True, db_index=True)),
    ),
    "an indexed column becomes unique": (
        lambda: item(a=fields.IntField(null=True, db_index=True)),
        lambda: item(a=fields.IntField(null=True, unique=True)),
    ),
    "a unique column becomes indexed, too": (
        lambda: item(a=fields.IntField(null=True, unique=True)),
        lambda: item(a=fields.IntField(null=True, unique=True, db_index=True)),
    ),
    "an indexed column becomes unique, too": (
        lambda: item(a=fields.IntField(null=True, db_index=True)),
        lambda: item(a=fields.IntField(null=True, unique=True, db_index=True)),
    ),
    "a column becomes unique and indexed": (
        lambda: item(a=fields.IntField(null=True)),
        lambda: item(a=fields.IntField(null=True, unique=True, db_index=True)),
    ),
    "a table with a unique and indexed column is renamed": (
        lambda: item(a=fields.IntField(null=True, unique=True, db_index=True), meta={"table": "things"}),
        lambda: item(b=fields.IntField(null=True, unique=True, db_index=True), meta={"table": "articles"}),
    ),
    "columns become unique together": (item, lambda: item(meta={"unique_together": (("name", "id"),)})),
    "an index with a name comes": (
        item,
        lambda: item(meta={"indexes": [Index(fields=["name", "id"], name="by_name")]}),
    ),
    "a column is renamed": (
        lambda: item(long_before=fields.IntField(null=True, unique=True)),
        lambda: item(long_after=fields.IntField(null=True, unique=True)),
    ),
    "an indexed column is renamed": (
        lambda: item(before=fields.IntField(null=True, db_index=True), meta={"indexes": (("before", "id"),)}),
        lambda: item(after=fields.IntField(null=True, db_index=True), meta={"indexes": (("after", "id"),)}),
    ),
    "a field keeps its name and changes its column": (
        lambda: item(a=fields.IntField(null=True, source_field="b")),
        lambda: item(a=fields.IntField(null=True, source_field="c")),
    ),
    "a table is renamed": (
        lambda: item(a=fields.IntField(null=True, unique=True), meta={"table": "things"}),
        lambda: item(a=fields.IntField(null=True, unique=True), meta={"table": "articles"}),
    ),
    "a table that others refer to is renamed": (
        lambda: owned(owner=owner_field(null=True)),
        lambda: {
            **owned(owner=owner_field(null=True)),
            "Owner": {"name": fields.CharField(20), "meta": {"table": "o"}},
        },
    ),
    "a table and the key to it are renamed": (
        lambda: owned(owner=owner_field(null=True, related_name="a")),
        lambda: (
            owned(keeper=owner_field(null=True, related_name="a"))
            | {"Owner": {"name": fields.CharField(20), "meta": {"table": "o"}}}
        ),
    ),
    "a join table may hold a pair twice": (
        owned,
        lambda: owned(owners=fields.ManyToManyField("models.Owner", unique=False)),
    ),
    "a foreign key comes": (owned, lambda: owned(owner=owner_field(null=True))),
    "a foreign key is renamed": (
        lambda: owned(owner=owner_field(null=True, related_name="a")),
        lambda: owned(keeper=owner_field(null=True, related_name="a")),
    ),
    "a foreign key deletes otherwise": (
        lambda: owned(owner=owner_field(null=True, on_delete=fields.CASCADE)),
        lambda: owned(owner=owner_field(null=True, on_delete=fields.SET_NULL)),
    ),
    "a foreign key loses its constraint": (
        lambda: owned(owner=owner_field(null=True)),
        lambda: owned(owner=owner_field(null=True, db_constraint=False)),
    ),
    "a one-to-one relation comes": (
        owned,
        lambda: owned(owner=fields.OneToOneField("models.Owner", null=True)),
    ),
    "a table refers to itself": (item, lambda: item(parent=fields.ForeignKeyField("models.Item", null=True))),
    "a many-to-many relation comes": (
        owned,
        lambda: owned(owners=fields.ManyToManyField("models.Owner", on_delete=fields.RESTRICT)),
    ),
    "a join table is renamed": (
        lambda: owned(owners=fields.ManyToManyField("models.Owner", through="a")),
        lambda: owned(owners=fields.ManyToManyField("models.Owner", through="b")),
    ),
    "a many-to-many relation to a model whose key is a relation comes": (
        lambda: item() | {"Root": {}, "Owner": {"id": fields.OneToOneField("models.Root", primary_key=True)}},
        lambda: (
            item(owners=fields.ManyToManyField("models.Owner"))
            | {"Root": {}, "Owner": {"id": fields.OneToOneField("models.Root", primary_key=True)}}
        ),
    ),
    "a table and its columns change their comments": (
        lambda: owned(a=fields.IntField(null=True, description="old"), owner=owner_field(null=True)),
        lambda: owned(
            a=fields.IntField(null=True, db_index=True, description="it's new"),
            b=fields.CharEnumField(Kind, default=Kind.ONE),
            owner=owner_field(null=True, description="whose"),
            meta={"table_description": "things"},
        ),
    ),
    "a table with a large key is renamed": (
        lambda: item(id=fields.BigIntField(primary_key=True), meta={"table": "things"}),
        lambda: item(id=fields.IntField(primary_key=True), meta={"table": "articles"}),
    ),
    "the key of a table that others refer to becomes larger": (
        lambda: owned(owner=owner_field(null=True), owners=fields.ManyToManyField("models.Owner", related_name="b")),
        lambda: {
            **owned(owner=owner_field(null=True), owners=fields.ManyToManyField("models.Owner", related_name="b")),
            "Owner": {"id": fields.BigIntField(primary_key=True), "name": fields.CharField(max_length=20)},
        },
    ),
    "a key becomes larger": (item, lambda: item(id=fields.BigIntField(primary_key=True))),
    "a joined table is renamed and its key becomes larger": (
        lambda: owned(owners=fields.ManyToManyField("models.Owner")),
        lambda: (
            owned(owners=fields.ManyToManyField("models.Owner"))
            | {"Owner": {"id": fields.BigIntField(primary_key=True), **NAMED, "meta": {"table": "o"}}}
        ),
    ),
}
# What the opposite change loses.
LOST = {
    "a table and its columns change their comments": ("item.b",),
    "a table comes": ("owner", "item.owner_id"),
    "a nullable column comes": ("item.size",),
    "a column with a default comes": ("item.ok",),
    "an enum with a default comes": ("item.kind",),
    "a column with SQL as default comes": ("item.size",),
    "a foreign key to another column than the key comes": ("item.owner_id",),
    "a join table may hold a pair twice": ("item_owner",),
    "a foreign key comes": ("item.owner_id",),
    "a one-to-one relation comes": ("item.owner_id",),
    "a table refers to itself": ("item.parent_id",),
    "a many-to-many relation comes": ("item_owner",),
    "a many-to-many relation to a model whose key is a relation comes": ("item_owner",),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_upgrade_and_downgrade_end_in_the_schema_of_the_models(
    empty_database_url: str, change: str, tmp_path: Path, write: Write
) -> None:
    old, new = (models_config(empty_database_url, write(models())) for models in CHANGES[change])
    await _there_and_back(empty_database_url, old, new, tmp_path)


@pytest.mark.parametrize("change", CHANGES)
async def test_the_opposite_change_ends_in_the_schema_of_the_models_too(
    empty_database_url: str, change: str, tmp_path: Path, write: Write
) -> None:
    new, old = (models_config(empty_database_url, write(models())) for models in CHANGES[change])
    await _there_and_back(empty_database_url, old, new, tmp_path, drop=LOST.get(change, ()))


async def test_a_column_renamed_twice_can_lose_its_constraint(
    empty_database_url: str, tmp_path: Path, write: Write
) -> None:
    steps = [
        item(before=fields.IntField(null=True, unique=True)),
        item(after=fields.IntField(null=True, unique=True)),
        item(after=fields.IntField(null=True, unique=True), meta={"table": "other"}),
        item(after=fields.IntField(null=True), meta={"table": "other"}),
    ]
    configs = [models_config(empty_database_url, write(models)) for models in steps]
    for number, config in enumerate(configs):
        await make(config, location=tmp_path, name=f"step_{number}")
        await migrations.upgrade(config, location=tmp_path)

    await execute(empty_database_url, "INSERT INTO other (name, after) VALUES ('a', 1), ('b', 1)", "DELETE FROM other")
    assert len(await migrations.downgrade(configs[-1], location=tmp_path, steps=9)) == len(steps)


async def test_a_join_table_of_an_older_history_gets_the_index_that_it_lacks(
    empty_database_url: str, tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = models_config(empty_database_url, write(owned(owners=fields.ManyToManyField("models.Owner"))))

    def older(app: str) -> Snapshot:
        found = current(app)
        for relation in (each for model in found.values() for each in model["m2m_fields"]):
            del relation["indexed"]
        return found

    with monkeypatch.context() as before:
        before.setattr(states, "current", older)
        before.setattr(schema_generators, "join_indexes", lambda *_, **__: {})
        await make(config, location=tmp_path, name="init")
    await migrations.upgrade(config, location=tmp_path)
    lacking = await catalog(empty_database_url)

    await make(config, location=tmp_path, name="index")
    await migrations.upgrade(config, location=tmp_path)
    indexed = await catalog(empty_database_url)

    assert len(indexed["indexes"]) == len(lacking["indexes"]) + 1
    await migrations.downgrade(config, location=tmp_path, steps=2)
    await create_from_models(config)
    assert await catalog(empty_database_url) == indexed


@pytest.mark.parametrize(
    "field",
    [fields.IntField, fields.UUIDField, lambda: fields.UUIDField(default=uuid4), lambda: fields.CharEnumField(Grade)],
)
async def test_a_required_column_without_a_value_for_existing_rows_is_rejected(
    field: Callable[[], Any], tmp_path: Path, write: Write
) -> None:
    await make(models_config(NOWHERE, write(item())), location=tmp_path, name="init")

    with pytest.raises(MigrationError, match=r"Item\.size would be NOT NULL and has no value for existing rows: give"):
        await make(models_config(NOWHERE, write(item(size=field()))), location=tmp_path, name="size")


async def test_a_changed_primary_key_is_rejected(tmp_path: Path, write: Write) -> None:
    await make(models_config(NOWHERE, write(item())), location=tmp_path, name="init")

    other = models_config(NOWHERE, write(item(id=fields.UUIDField(primary_key=True))))
    with pytest.raises(MigrationError, match=r"The primary key of Item changes \(item\.id\): write"):
        await make(other, location=tmp_path, name="key")


async def test_a_python_default_is_not_part_of_the_schema(tmp_path: Path, write: Write) -> None:
    first, second = (item(text=fields.TextField(default=default)) for default in "ab")
    await make(models_config(NOWHERE, write(first)), location=tmp_path, name="init")

    assert await check(models_config(NOWHERE, write(second)), location=tmp_path) == []


async def test_comments_wait_for_the_next_migration(empty_database_url: str, tmp_path: Path, write: Write) -> None:
    name = fields.CharField(max_length=20, description="it's \\ new")
    longer = fields.CharField(max_length=21, description="it's \\ new")
    first, second, third = (
        models_config(empty_database_url, write(models))
        for models in (item(), {"Item": {"name": name}}, {"Item": {"name": longer}})
    )
    await make(first, location=tmp_path, name="init")

    assert await check(second, location=tmp_path) == []
    assert await make(second, location=tmp_path, name="comment") is None
    assert await make(third, location=tmp_path, name="longer") is not None
    assert len(await migrations.upgrade(third, location=tmp_path)) == 2
    if empty_database_url.startswith("postgres"):
        comment = "SELECT col_description('item'::regclass, 2)"
        assert await execute(empty_database_url, comment) == [("it's \\ new",)]


@pytest.mark.only("postgres")
async def test_the_comments_of_a_new_table_are_as_written(
    empty_database_url: str, tmp_path: Path, write: Write
) -> None:
    comment = 'it\'s */ \\ "new"\nand long'
    config = models_config(empty_database_url, write(item(size=fields.IntField(description=comment))))
    await make(config, location=tmp_path, name="init")
    await migrations.upgrade(config, location=tmp_path)

    assert (comment,) in await execute(empty_database_url, "SELECT col_description('item'::regclass, 3)")


async def test_an_index_type_of_postgres_is_only_created_there(
    empty_database_url: str, tmp_path: Path, write: Write
) -> None:
    indexed = item(tags=fields.JSONField(default=list), meta={"indexes": [GinIndex(fields=["tags"], name="by_tags")]})
    first, second = (
        models_config(empty_database_url, write(models))
        for models in (item(tags=fields.JSONField(default=list)), indexed)
    )
    await make(first, location=tmp_path, name="init")
    await make(second, location=tmp_path, name="index")

    await migrations.upgrade(second, location=tmp_path)

    indexes = {str(row[1]) for row in (await catalog(empty_database_url))["indexes"]}
    assert any("USING gin (tags)" in index for index in indexes) == empty_database_url.startswith("postgres")
    assert len(await migrations.downgrade(second, location=tmp_path)) == 1


async def test_an_index_on_an_expression_survives_changes_of_its_table(
    empty_database_url: str, tmp_path: Path, write: Write
) -> None:
    meta = {
        "indexes": [
            ExpressionIndex(fields=("tags",), opclasses=("jsonb_path_ops",), name="by_tags"),
            ExpressionIndex(PseudoColumn("string_to_array(\"text\", ' ')"), name="by_words"),
        ]
    }
    columns = {"tags": fields.JSONField(default=list), "text": fields.TextField(default="")}
    steps = (
        item(**columns, meta=meta),
        item(**columns, size=fields.IntField(null=True), meta=meta),
        item(**columns, size=fields.IntField(default=0), meta=meta),  # SQLite rebuilds the table
    )
    found = []
    for number, step in enumerate(steps):
        config = models_config(empty_database_url, write(step))
        await make(config, location=tmp_path, name=f"step_{number}")
        await migrations.upgrade(config, location=tmp_path)
        found.append({str(row[1]) for row in (await catalog(empty_database_url))["indexes"] if "gin" in str(row[1])})
        assert await check(config, location=tmp_path) == []

    assert found == [found[0]] * 3
    assert len(found[0]) == (2 if empty_database_url.startswith("postgres") else 0)
    assert all("fastupdate=off" in index for index in found[0])


async def test_names_too_long_for_postgres_are_cut_as_postgres_cuts_them(
    empty_database_url: str, tmp_path: Path, write: Write
) -> None:
    table, column = "t" * 50, "c" * 40
    steps = [{column: fields.IntField(null=True, unique=unique)} for unique in (True, False)]
    for number, columns in enumerate(steps):
        config = models_config(empty_database_url, write(item(**columns, meta={"table": table})))
        await make(config, location=tmp_path, name=f"step_{number}")
        await migrations.upgrade(config, location=tmp_path)

    twice = f"INSERT INTO {table} (name, {column}) VALUES ('a', 1), ('b', 1)"
    await execute(empty_database_url, twice)


async def test_the_name_of_an_index_may_go_to_another_table(
    empty_database_url: str, tmp_path: Path, write: Write
) -> None:
    def only(name: str) -> Models:
        return item() | {name: {"x": fields.IntField(), "meta": {"indexes": (Index(fields=("x",), name="same"),)}}}

    old, new = (models_config(empty_database_url, write(only(name))) for name in ("Old", "New"))
    await _there_and_back(empty_database_url, old, new, tmp_path, drop=["old"])


async def test_models_that_reference_each_other_in_a_cycle_are_rejected(tmp_path: Path, write: Write) -> None:
    cycle = item(owner=owner_field(related_name="a")) | {
        "Owner": {"item": fields.ForeignKeyField("models.Item", related_name="b")}
    }

    with pytest.raises(MigrationError, match="Item, Owner reference each other in a cycle"):
        await make(models_config(NOWHERE, write(cycle)), location=tmp_path, name="init")


def test_old_tables_that_reference_each_other_in_a_cycle_are_reported() -> None:
    columns = {name: Column("to", "INT", references=f'"{name}" ("id")') for name in ("one", "two")}
    cycle = [Table("two", {"to": columns["one"]}), Table("one", {"to": columns["two"]})]

    with pytest.raises(MigrationError, match="one, two reference each other in a cycle"):
        ordered(cycle)


async def test_two_files_with_the_same_number_are_reported(tmp_path: Path, write: Write) -> None:
    config = models_config(NOWHERE, write(item()))
    path = await make(config, location=tmp_path, name="init")
    assert path is not None
    path.with_name("0_20990101000000_other.py").write_bytes(path.read_bytes())

    with pytest.raises(
        MigrationError, match=r"0_\d+_init\.py and 0_20990101000000_other\.py have the same number: delete"
    ):
        await check(config, location=tmp_path)


async def test_an_unmanaged_model_gets_no_table(tmp_path: Path, write: Write) -> None:
    first = models_config(NOWHERE, write(item()))
    await make(first, location=tmp_path, name="init")
    models = item() | {"View": {"name": fields.IntField(), "meta": {"managed": False}}}
    second = models_config(NOWHERE, write(models))

    assert await check(second, location=tmp_path) == [
        "View has another `managed` than in the history: make a migration"
    ]
    path = await make(second, location=tmp_path, name="view")

    assert path
    assert "CREATE" not in path.read_text(encoding="utf-8")
    assert await check(second, location=tmp_path) == []


async def _there_and_back(
    url: str, old: dict[str, Any], new: dict[str, Any], location: Path, *, drop: Iterable[str] = ()
) -> None:
    await make(old, location=location, name="init")
    await migrations.upgrade(old, location=location)
    old_schema = await catalog(url)
    table = await _insert(old)
    await make(new, location=location, name="change", drop=drop)

    await migrations.upgrade(new, location=location)
    new_schema = await catalog(url)
    await migrations.downgrade(new, location=location)
    assert await catalog(url) == old_schema
    assert await execute(url, f"SELECT name FROM {table}") == [("kept",)]
    await migrations.upgrade(new, location=location)
    assert await catalog(url) == new_schema

    await migrations.downgrade(new, location=location, steps=9)
    await create_from_models(new)
    assert new_schema == await catalog(url)


async def _insert(config: dict[str, Any]) -> str:
    """A row with all defaults in the table of items, whose name is returned."""
    async with TortoiseContext() as context:
        await context.init(config)
        model = context.get_model("models", "Item")
        await model.create(name="kept")
        return str(model.describe()["table"])
