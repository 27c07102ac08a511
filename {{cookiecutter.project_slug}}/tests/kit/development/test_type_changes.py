"""Every type of column becomes every other, with rows, there and back: equal on both databases, or rejected there."""

import re
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tortoise import fields
from tortoise.context import TortoiseContext
from tortoise.fields.db_defaults import RandomHex

from tests.kit.development.column_types import MISFIT, TYPES, ColumnType, Level, Shade, converted, converts
from tests.kit.development.conftest import Models, Write
from tortoise_kit import migrations
from tortoise_kit.development.migrations import make
from tortoise_kit.development.migrations.conversions import between
from tortoise_kit.development.migrations.schema_model import Column
from tortoise_kit.development.testing import catalog, execute, models_config
from tortoise_kit.migrations import MigrationError
from tortoise_kit.models import NumericField, UTCDatetimeField

type Row = dict[str, Any]

OFTEN = {
    *("varchar5", "text", "short", "smallint", "bigint", "level", "float", "decimal4_1", "decimal12_2", "decimal15_8"),
    *("number12_4", "bool", "date", "datetime", "uuid"),
}  # the other types differ in their sizes only: `pytest -m nightly` takes all, with every row
NOWHERE = "postgres://nobody@127.0.0.1:1/nowhere"


@asynccontextmanager
async def opened(config: dict[str, Any]) -> AsyncGenerator[Any]:
    """The model of items, for a while."""
    async with TortoiseContext() as context:
        await context.init(config)
        yield context.get_model("models", "Item")


async def read(config: dict[str, Any]) -> list[Row]:
    async with opened(config) as model:
        return [dict(row) for row in await model.all().order_by("id").values()]


async def write_rows(config: dict[str, Any], rows: Sequence[Row]) -> None:
    async with opened(config) as model:
        for row in rows:
            await model.create(**row)


@pytest.mark.parametrize(
    ("old", "misfits_tried"),
    [
        *(pytest.param(one, 4, id=one.name) for one in TYPES.values() if one.name in OFTEN),
        *(
            pytest.param(one, None, id=f"{one.name}, each row", marks=pytest.mark.nightly)
            for one in TYPES.values()
            if one.family
        ),
    ],
)
async def test_rows_keep_their_values_when_the_type_of_their_column_changes(
    empty_database_url: str, old: ColumnType, misfits_tried: int | None, tmp_path: Path, write: Write
) -> None:
    columns = {f"to_{new.name}": new for new in TYPES.values() if converts(old, new)}
    before, after = (
        models_config(empty_database_url, write({"Item": {name: field(null=True) for name, field in version.items()}}))
        for version in (dict.fromkeys(columns, old.field), {name: new.field for name, new in columns.items()})
    )
    await make(before, location=tmp_path, name="init")
    await migrations.upgrade(before, location=tmp_path)
    await make(after, location=tmp_path, name="change")
    outcomes = [{name: converted(value, old, new) for name, new in columns.items()} for value in (None, *old.values)]
    misfits = [
        {name: value}
        for value, row in zip((None, *old.values), outcomes, strict=True)
        for name, found in row.items()
        if found is MISFIT
    ]
    tried = misfits if misfits_tried is None else misfits[:: len(misfits) // misfits_tried + 1]
    accepted = [row for row in tried if not await _is_rejected(before, empty_database_url, row, tmp_path)]
    assert accepted == []

    values = (None, *old.values)
    fitting = [
        {name: value for name in columns if row[name] is not MISFIT}
        for value, row in zip(values, outcomes, strict=True)
    ]
    await write_rows(before, fitting)
    await migrations.upgrade(after, location=tmp_path)

    now = await read(after)
    expected = [{name: None if found is MISFIT else found for name, found in row.items()} for row in outcomes]
    assert _without(now, {"id"}) == expected
    await _assert_stored_as_by_tortoise(after, empty_database_url, now)
    back = [{name: converted(row[name], new, old) for name, new in columns.items()} for row in expected]
    if lost := {name for row in back for name, value in row.items() if value is MISFIT}:
        with pytest.raises(MigrationError, match="nothing changed"):
            await migrations.downgrade(after, location=tmp_path)
        await execute(empty_database_url, *(f'UPDATE item SET "{name}" = NULL' for name in lost))
    await migrations.downgrade(after, location=tmp_path)
    assert _without(await read(before), {"id", *lost}) == _without(back, lost)


def _without(rows: list[Row], names: set[str]) -> list[Row]:
    return [{name: value for name, value in row.items() if name not in names} for row in rows]


async def _is_rejected(config: dict[str, Any], url: str, row: Row, location: Path) -> bool:
    """Whether the pending migration rejects a row, and nothing has changed."""
    await write_rows(config, [row])
    before = await read(config)
    try:
        await migrations.upgrade(config, location=location)
    except MigrationError as error:
        unchanged = "nothing changed" in str(error) and await read(config) == before
    else:
        unchanged = False
        await migrations.downgrade(config, location=location)
    await execute(url, "DELETE FROM item")
    return unchanged


async def _assert_stored_as_by_tortoise(config: dict[str, Any], url: str, rows: list[Row]) -> None:
    """The converted values are what Tortoise stores for them, with their kinds on SQLite."""
    async with opened(config) as model:
        last = rows[-1]["id"]
        for row in rows:
            await model.create(**{**row, "id": row["id"] + last})
    names = [name for name in rows[0] if name != "id"]
    sqlite = url.startswith("sqlite")
    values = ", ".join(f'quote("{name}")' if sqlite else f'"{name}"::text' for name in names)
    found = await execute(url, f"SELECT {values} FROM item ORDER BY id")
    half = len(rows)
    assert [dict(zip(names, row, strict=True)) for row in found[:half]] == [
        dict(zip(names, row, strict=True)) for row in found[half:]
    ]
    await execute(url, f"DELETE FROM item WHERE id > {last}")


def test_all_other_pairs_of_types_have_no_conversion_on_either_database() -> None:
    for old, new in permutations(TYPES.values(), 2):
        known = [_has_conversion(old, new, dialect) for dialect in ("postgres", "sqlite")]
        assert all(known) == converts(old, new), (old.name, new.name)


def _has_conversion(old: ColumnType, new: ColumnType, dialect: str) -> bool:
    try:
        between("item", described(old), described(new), dialect)
    except MigrationError:
        return False
    return True


def described(one: ColumnType) -> Column:
    field = one.field(null=True)
    field.model_field_name = "a"
    return Column("a", "", described=field.describe(serializable=True))


async def test_a_change_without_a_conversion_is_rejected_with_the_remedy(tmp_path: Path, write: Write) -> None:
    old, new = (
        models_config(NOWHERE, write({"Item": {"a": field(null=True)}}))
        for field in (fields.JSONField, fields.TextField)
    )
    await make(old, location=tmp_path, name="init")

    with pytest.raises(MigrationError, match=r"item\.a changes from JSONB to TEXT, .*: add a new field, fill it in a"):
        await make(new, location=tmp_path, name="text")


DEFAULTS: dict[str, tuple[Callable[..., Any], Any]] = {
    "text": (partial(fields.CharField, max_length=20), 'it\'s \\ "new"\n'),
    "int": (fields.IntField, -5),
    "float": (fields.FloatField, 0.1),
    "infinite": (fields.FloatField, float("-inf")),
    "decimal": (partial(fields.DecimalField, max_digits=9, decimal_places=2), Decimal("1.5")),
    "small_decimal": (partial(fields.DecimalField, max_digits=15, decimal_places=8), Decimal(0)),
    "number": (partial(NumericField, max_digits=9, decimal_places=2), Decimal("1.5")),
    "bool": (fields.BooleanField, True),
    "date": (fields.DateField, date(2026, 1, 2)),
    "datetime": (fields.DatetimeField, datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=timezone(timedelta(hours=2)))),
    "utc": (UTCDatetimeField, datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(hours=2)))),
    "timedelta": (fields.TimeDeltaField, timedelta(days=-1, microseconds=1)),
    "uuid": (fields.UUIDField, UUID(int=7)),
    "json": (fields.JSONField, {"a": ["it's", None, True]}),
    "binary": (fields.BinaryField, b"\x00\xff'\\"),
    "shade": (partial(fields.CharEnumField, Shade), Shade.TURQUOISE),
    "level": (partial(fields.IntEnumField, Level), Level.HIGH),
}


@pytest.mark.parametrize("kind", ["default", "db_default"])
async def test_a_column_has_its_default_in_existing_rows_when_it_comes_and_when_it_comes_back(
    empty_database_url: str, kind: str, tmp_path: Path, write: Write
) -> None:
    with_defaults = {name: field(**{kind: value}) for name, (field, value) in DEFAULTS.items()}
    name = fields.CharField(max_length=1, default="a")
    fuller = models_config(empty_database_url, write({"Item": {"name": name, **with_defaults}}))
    empty = models_config(empty_database_url, write({"Item": {"name": name}}))
    await make(empty, location=tmp_path, name="init")
    await migrations.upgrade(empty, location=tmp_path)
    await write_rows(empty, [{}])
    await make(fuller, location=tmp_path, name="columns")
    await migrations.upgrade(fuller, location=tmp_path)

    await _assert_all_are_defaults(fuller, empty_database_url)
    await make(empty, location=tmp_path, name="no_columns", drop=[f"item.{column}" for column in DEFAULTS])
    await migrations.upgrade(empty, location=tmp_path)
    await migrations.downgrade(empty, location=tmp_path)
    await _assert_all_are_defaults(fuller, empty_database_url)


async def test_a_new_table_has_the_defaults_of_the_database(
    empty_database_url: str, tmp_path: Path, write: Write
) -> None:
    with_defaults = {name: field(db_default=value) for name, (field, value) in DEFAULTS.items()}
    config = models_config(
        empty_database_url, write({"Item": {"name": fields.CharField(max_length=1), **with_defaults}})
    )
    await make(config, location=tmp_path, name="init")
    await migrations.upgrade(config, location=tmp_path)
    await write_rows(config, [{"name": "a"}])

    await _assert_all_are_defaults(config, empty_database_url)


async def _assert_all_are_defaults(config: dict[str, Any], url: str) -> None:
    (row,) = await read(config)
    assert {name: row[name] for name in DEFAULTS} == {name: value for name, (_, value) in DEFAULTS.items()}
    await _assert_stored_as_by_tortoise(config, url, [row])


async def test_a_column_that_becomes_required_and_another_type_gets_its_default(
    empty_database_url: str, tmp_path: Path, write: Write
) -> None:
    old, new = (
        models_config(empty_database_url, write({"Item": columns}))
        for columns in (
            {"a": fields.IntField(null=True), "b": fields.FloatField(null=True)},
            {
                "a": fields.CharField(max_length=5, default="none"),
                "b": NumericField(max_digits=5, decimal_places=2, default=9),
            },
        )
    )
    await make(old, location=tmp_path, name="init")
    await migrations.upgrade(old, location=tmp_path)
    await write_rows(old, [{}, {"a": 7, "b": 1.5}])
    await make(new, location=tmp_path, name="required")
    await migrations.upgrade(new, location=tmp_path)

    assert _without(await read(new), {"id"}) == [{"a": "none", "b": 9}, {"a": "7", "b": Decimal("1.50")}]


async def test_a_row_without_a_value_stops_a_column_from_becoming_required(
    empty_database_url: str, tmp_path: Path, write: Write
) -> None:
    old, new = (
        models_config(empty_database_url, write({"Item": {"a": field}}))
        for field in (fields.IntField(null=True), fields.BigIntField())
    )
    await make(old, location=tmp_path, name="init")
    await migrations.upgrade(old, location=tmp_path)
    await make(new, location=tmp_path, name="required")

    assert await _is_rejected(old, empty_database_url, {"a": None}, tmp_path)
    await write_rows(old, [{"a": 7}])
    await migrations.upgrade(new, location=tmp_path)
    assert _without(await read(new), {"id"}) == [{"a": 7}]


LOSSES: dict[str, tuple[Any, Any, Any, Any]] = {
    "too long": (partial(fields.CharField, 40), partial(fields.CharField, 3), "long", "abc"),
    "no number": (partial(fields.CharField, 40), fields.IntField, "abc", "7"),
    "too many places": (partial(fields.DecimalField, 9, 3), partial(fields.DecimalField, 9, 2), Decimal("0.005"), 1),
    "null": (partial(fields.IntField, null=True), fields.IntField, None, 1),
    "null of another type": (partial(fields.IntField, null=True), fields.BigIntField, None, 1),
}


@pytest.mark.parametrize("loss", LOSSES)
async def test_a_row_that_does_not_fit_is_named_with_its_table_and_column(
    empty_database_url: str, loss: str, tmp_path: Path, write: Write
) -> None:
    before, after, misfit, fitting = LOSSES[loss]
    old, new = (models_config(empty_database_url, write({"Item": {"a": field()}})) for field in (before, after))
    await make(old, location=tmp_path, name="init")
    await migrations.upgrade(old, location=tmp_path)
    await make(new, location=tmp_path, name="change")
    await write_rows(old, [{"a": value} for value in (fitting, misfit, fitting, misfit)])

    with pytest.raises(MigrationError, match="nothing changed") as raised:
        await migrations.upgrade(new, location=tmp_path)

    assert str(raised.value).endswith("; rows of item that do not fit: 2, such as the one with id = 2")
    assert re.search(r"item\.a\b|\"a\" of relation \"item\"", str(raised.value))
    assert "new__" not in str(raised.value)


@pytest.mark.only("postgres")
async def test_a_number_that_is_too_large_for_a_column_is_reported_with_the_column(
    empty_database_url: str, tmp_path: Path, write: Write
) -> None:
    old, new = (
        models_config(empty_database_url, write({"Item": {"a": field()}}))
        for field in (fields.BigIntField, fields.SmallIntField)
    )
    await make(old, location=tmp_path, name="init")
    await migrations.upgrade(old, location=tmp_path)
    await make(new, location=tmp_path, name="change")
    await write_rows(old, [{"a": 2**40}])

    with pytest.raises(MigrationError, match=r"out of range; a row does not fit the new type of item\.a$"):
        await migrations.upgrade(new, location=tmp_path)


@pytest.mark.parametrize("name", ["cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"])
async def test_a_column_that_postgres_has_already_is_rejected(tmp_path: Path, write: Write, name: str) -> None:
    config = models_config(NOWHERE, write({"Item": {"version": fields.IntField(source_field=name)}}))

    with pytest.raises(MigrationError, match=rf"'{name}', the column of Item\.version, is a system column of Postgres"):
        await make(config, location=tmp_path, name="init")


def chain(key: Callable[[], Any]) -> Models:
    """Owners with a key, and items that refer to them in every way."""
    return {
        "Owner": {"id": key(), "name": fields.CharField(max_length=20)},
        "Item": {
            "owner": fields.ForeignKeyField("models.Owner", related_name="items"),
            "twin": fields.OneToOneField("models.Owner", null=True, related_name="twin"),
            "owners": fields.ManyToManyField("models.Owner", related_name="all_items"),
        },
    }


KEYS: dict[str, tuple[Callable[[], Any], Callable[[], Any], Any, Any]] = {
    "int": (
        lambda: fields.IntField(primary_key=True),
        lambda: fields.BigIntField(primary_key=True),
        7,
        2**31,
    ),
    "small": (
        lambda: fields.SmallIntField(primary_key=True),
        lambda: fields.IntField(primary_key=True),
        7,
        2**15,
    ),
    "text": (
        lambda: fields.CharField(max_length=36, primary_key=True),
        lambda: fields.CharField(max_length=37, primary_key=True),
        "é" * 36,
        "é" * 37,
    ),
    "uuid": (
        lambda: fields.UUIDField(primary_key=True),
        lambda: fields.CharField(max_length=40, primary_key=True),
        UUID(int=7),
        "x",
    ),
    "date": (
        lambda: fields.DateField(primary_key=True),
        lambda: fields.CharField(max_length=10, primary_key=True),
        date(2026, 1, 2),
        "2026-02-30",
    ),
}


@pytest.mark.parametrize("key", KEYS)
async def test_a_key_and_all_that_refers_to_it_change_together(
    empty_database_url: str, key: str, tmp_path: Path, write: Write
) -> None:
    small, large, fitting, misfit = KEYS[key]
    old, new = (models_config(empty_database_url, write(chain(one))) for one in (small, large))
    await make(old, location=tmp_path, name="init")
    await migrations.upgrade(old, location=tmp_path)
    before = await catalog(empty_database_url)
    await _own(old, fitting)
    await make(new, location=tmp_path, name="key")
    await migrations.upgrade(new, location=tmp_path)

    expected = str(fitting) if key in {"uuid", "date"} else fitting
    assert await _related(new) == [(expected, expected, [expected])]
    await _own(new, misfit)
    with pytest.raises(MigrationError, match="nothing changed"):
        await migrations.downgrade(new, location=tmp_path)
    await execute(empty_database_url, "DELETE FROM item_owner WHERE item_id = 2", "DELETE FROM item WHERE id = 2")
    await execute(empty_database_url, f"DELETE FROM owner WHERE CAST(id AS TEXT) = '{misfit}'")
    if empty_database_url.startswith("sqlite"):  # its next key follows the largest that ever was, even a given one
        await execute(empty_database_url, "UPDATE sqlite_sequence SET seq = 7 WHERE name = 'owner'")
    await migrations.downgrade(new, location=tmp_path)
    assert await _related(old) == [(fitting, fitting, [fitting])]
    assert await catalog(empty_database_url) == before


async def _own(config: dict[str, Any], key: Any) -> None:
    async with opened(config) as model:
        owner = await model._meta.fields_map["owner"].related_model.create(id=key, name="kept")
        item = await model.create(owner=owner, twin=owner)
        await item.owners.add(owner)


async def _related(config: dict[str, Any]) -> list[tuple[Any, Any, list[Any]]]:
    async with opened(config) as model:
        items = await model.all().order_by("id").prefetch_related("owner", "owners")
        return [(item.owner.id, item.twin_id, [owner.id for owner in item.owners]) for item in items]


async def test_a_key_that_became_large_counts_beyond_its_old_limit_and_may_not_go_back(
    empty_database_url: str, tmp_path: Path, write: Write
) -> None:
    old, new = (
        models_config(empty_database_url, write({"Item": {"id": key, "a": fields.IntField()}}))
        for key in (fields.IntField(primary_key=True), fields.BigIntField(primary_key=True))
    )
    await make(old, location=tmp_path, name="init")
    await migrations.upgrade(old, location=tmp_path)
    await make(new, location=tmp_path, name="key")
    await migrations.upgrade(new, location=tmp_path)
    await write_rows(new, [{"a": 1}])
    sqlite = "UPDATE sqlite_sequence SET seq = 2147483647 WHERE name = 'item'"
    postgres = "SELECT setval('item_id_seq', 2147483647)"
    await execute(empty_database_url, sqlite if empty_database_url.startswith("sqlite") else postgres)
    await write_rows(new, [{"a": 2}])

    assert await read(new) == [{"id": 1, "a": 1}, {"id": 2147483648, "a": 2}]
    await execute(empty_database_url, "DELETE FROM item")
    with pytest.raises(MigrationError, match="nothing changed"):  # the next key would not fit
        await migrations.downgrade(new, location=tmp_path)


async def test_a_foreign_key_to_another_column_changes_with_it(
    empty_database_url: str, tmp_path: Path, write: Write
) -> None:
    def versions(code: Any) -> Models:
        owner: Any = fields.ForeignKeyField("models.Owner", to_field="code")
        return {"Owner": {"code": code}, "Item": {"owner": owner, "a": fields.IntField(default=1)}}

    old, new = (
        models_config(empty_database_url, write(versions(code)))
        for code in (fields.CharField(max_length=9, unique=True), fields.IntField(unique=True))
    )
    await make(old, location=tmp_path, name="init")
    await migrations.upgrade(old, location=tmp_path)
    await execute(
        empty_database_url,
        "INSERT INTO owner (code) VALUES ('12')",
        "INSERT INTO item (owner_id, a) VALUES ('12', 1)",
    )
    await make(new, location=tmp_path, name="code")
    await migrations.upgrade(new, location=tmp_path)

    assert await read(new) == [{"id": 1, "a": 1, "owner_id": 12}]
    await migrations.downgrade(new, location=tmp_path)
    assert await read(old) == [{"id": 1, "a": 1, "owner_id": "12"}]


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (
            fields.IntField(),
            r"Item\.gone is NOT NULL, and a downgrade would have no value .*: before it goes, .*null=True",
        ),
        (
            fields.IntField(unique=True, default=1),
            r"Item\.gone is unique, and a downgrade .*: before it goes, .*null=True",
        ),
        (fields.ForeignKeyField("models.Owner"), r"Item\.gone_id is NOT NULL, and a downgrade would have no value"),
    ],
)
async def test_a_column_that_a_downgrade_could_not_fill_may_not_go(
    field: Any, message: str, tmp_path: Path, write: Write
) -> None:
    owner: Models = {"Owner": {"name": fields.CharField(max_length=9)}}
    await make(models_config(NOWHERE, write({**owner, "Item": {"gone": field}})), location=tmp_path, name="init")

    column = message.partition(" ")[0].lower().replace("\\", "")
    with pytest.raises(MigrationError, match=message):
        await make(models_config(NOWHERE, write({**owner, "Item": {}})), location=tmp_path, name="gone", drop=[column])


@pytest.mark.parametrize("null", [False, True])
@pytest.mark.parametrize("kind", ["default", "db_default"])
async def test_a_unique_column_cannot_be_filled_with_one_value(
    kind: str, *, null: bool, tmp_path: Path, write: Write
) -> None:
    await make(models_config(NOWHERE, write({"Item": {}})), location=tmp_path, name="init")
    field: Callable[..., Any] = fields.IntField
    config = models_config(NOWHERE, write({"Item": {"code": field(unique=True, null=null, **{kind: 1})}}))

    with pytest.raises(MigrationError, match=r"Item\.code is unique, and its default .*: give the field null=True"):
        await make(config, location=tmp_path, name="code")


async def test_a_unique_column_may_have_a_random_default(empty_database_url: str, tmp_path: Path, write: Write) -> None:
    code = fields.CharField(max_length=32, unique=True, db_default=RandomHex())
    name = fields.CharField(max_length=1)
    old, new = (
        models_config(empty_database_url, write({"Item": columns}))
        for columns in ({"name": name}, {"name": name, "code": code})
    )
    await make(old, location=tmp_path, name="init")
    await migrations.upgrade(old, location=tmp_path)
    await write_rows(old, [{"name": "a"}, {"name": "b"}])
    await make(new, location=tmp_path, name="code")
    await migrations.upgrade(new, location=tmp_path)

    assert len({row["code"] for row in await read(new)}) == 2
