"""What a model declares in Meta is made, kept, changed and taken back, with rows, on both databases."""

import asyncio
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import asyncpg
import pytest
from tortoise import fields
from tortoise.context import TortoiseContext
from tortoise.contrib.postgres.fields import ArrayField, TSVectorField
from tortoise.contrib.postgres.indexes import BrinIndex, HashIndex
from tortoise.functions import Lower
from tortoise.indexes import PartialIndex
from tortoise.migrations.constraints import CheckConstraint as TortoiseCheck
from tortoise.migrations.constraints import UniqueConstraint as TortoiseUnique
from tortoise.models import Model

from app.settings import PROJECT_FILE
from tortoise_kit import migrations
from tortoise_kit.db import Constraint, ConstraintViolation, transactional
from tortoise_kit.development.migrations import check, make
from tortoise_kit.development.testing import catalog, create_from_models, execute, models_config, only_in
from tortoise_kit.migrations import MigrationError
from tortoise_kit.models import (
    CheckConstraint,
    GinIndex,
    Index,
    NoOverlap,
    NumericField,
    UniqueConstraint,
    UTCDatetimeField,
)
from tortoise_kit.sql.declared import declared
from tortoise_kit.sql.descriptions import descriptions, table_description
from tortoise_kit.sql.parsing import text

type Columns = dict[str, Any]
type Meta = dict[str, Any]


def row(number: int, **values: Any) -> dict[str, Any]:
    """A row that no constraint rejects beside others."""
    hours = {"begins": f"2030-01-{number:02} 10:00:00+00:00", "ends": f"2030-01-{number:02} 11:00:00+00:00"}
    days = {"opens": f"2030-02-{number:02}", "closes": f"2030-02-{number + 1:02}"}
    numbers = {"floor": number, "top": number + 1, "low": number, "high": number + 1, "price": number}
    own = {"id": number, "owner_id": number, "room": number, "code": f"c{number}", "state": "open", "tags": "[]"}
    return {**own, **numbers, **hours, **days, **values}


@dataclass(frozen=True)
class Member:
    """A kind of member.

    Attributes:
        meta: What stands in Meta, with this name for its field `renamed`.
        changed: The same after a change.
        renamed: The field that is renamed.
        rejected: Values that a row beside `row(1)` must not have, and values that it may.
        accepted: Values that it may have.
        columns: Other fields than those of all members.
    """

    meta: Callable[[str], Meta]
    changed: Callable[[str], Meta]
    renamed: str
    rejected: tuple[dict[str, Any], ...] = ()
    accepted: tuple[dict[str, Any], ...] = ()
    columns: Callable[[], Columns] = dict


def index(*make_index: Callable[[str], list[Any]]) -> tuple[Callable[[str], Meta], Callable[[str], Meta]]:
    first, second = ((lambda name, each=each: {"indexes": each(name)}) for each in make_index)
    return first, second


def constraint(*make_constraint: Callable[[str], Any]) -> tuple[Callable[[str], Meta], Callable[[str], Meta]]:
    first, second = ((lambda name, each=each: {"constraints": (each(name),)}) for each in make_constraint)
    return first, second


NOT_CANCELLED = "\"state\" <> 'cancelled'"
SAME_TIME = row(1)["begins"], row(1)["ends"]

MEMBERS: dict[str, Member] = {
    "indexes in any direction, that cover, or of some rows": Member(
        *index(
            lambda f: [
                Index(fields=(f"-{f}",)),
                Index(fields=("room", f"-{f}", "id")),
                Index(fields=(f,), include=("room",), name="covering"),
                Index(fields=(f,), name="current", condition=NOT_CANCELLED),
                PartialIndex(fields=[f], name="open", condition={"status": "open"}),
                BrinIndex(fields=[f], name="brin"),
            ],
            lambda f: [
                Index(fields=(f"-{f}", "-id")),
                Index(fields=("-room", f)),
                Index(fields=(f,), include=("room", "owner"), name="covering"),
                Index(fields=(f,), name="current", condition="\"state\" = 'open'"),
                PartialIndex(fields=[f], name="open", condition={"status": "closed"}),
                HashIndex(fields=[f], name="brin"),
            ],
        ),
        "price",
    ),
    "indexes of expressions, of NULLs and by operator classes": Member(
        *index(
            lambda f: [
                Index(fields=(f"{f} nulls first", "id"), name="by_code"),
                Index(Lower(f), name="lower"),
                Index(fields=(f,), name="pattern", opclasses=("varchar_pattern_ops",)),
                GinIndex(fields=("tags",), name="gin"),
            ],
            lambda f: [
                Index(fields=(f"-{f} nulls last", "id"), name="by_code"),
                Index(Lower(f), Lower("status"), name="lower"),
                Index(fields=(f, "id"), name="pattern", opclasses=("varchar_pattern_ops",)),
                GinIndex(fields=("tags",), name="gin", opclasses=("jsonb_path_ops",)),
            ],
        ),
        "code",
    ),
    "columns that are unique together": Member(
        lambda f: {"unique_together": (("owner", f),)},
        lambda f: {"unique_together": ((f,),)},
        "code",
        rejected=({"owner_id": 1, "code": "c1"},),
        accepted=({"owner_id": 1, "code": None},),
    ),
    "a unique constraint of Tortoise": Member(
        *constraint(lambda f: TortoiseUnique(fields=(f, "room")), lambda f: TortoiseUnique(fields=(f,), name="u")),
        "code",
        rejected=({"code": "c1", "room": 1},),
        accepted=({"code": None, "room": 1},),
    ),
    "a unique constraint of Tortoise with a condition": Member(
        *constraint(
            lambda f: TortoiseUnique(fields=(f,), name="u", condition=NOT_CANCELLED),
            lambda f: TortoiseUnique(fields=(f, "room"), name="u", condition=NOT_CANCELLED),
        ),
        "code",
        rejected=({"code": "c1", "room": 1},),
        accepted=({"code": "c1", "room": 1, "state": "cancelled"},),
    ),
    "a unique constraint that covers": Member(
        *constraint(
            lambda f: UniqueConstraint(fields=(f,), name="u", include=("price",)),
            lambda f: UniqueConstraint(fields=(f, "owner"), name="u", include=("price",)),
        ),
        "code",
        rejected=({"code": "c1", "owner_id": 1},),
    ),
    "a unique expression": Member(
        *constraint(
            lambda f: UniqueConstraint(Lower(f), name="u"),
            lambda f: UniqueConstraint(Lower(f), name="u", condition=NOT_CANCELLED),
        ),
        "code",
        rejected=({"code": "C1"},),
        accepted=({"code": None},),
    ),
    "a unique constraint for which NULLs are equal": Member(
        *constraint(
            lambda f: UniqueConstraint(fields=(f, "status"), name="u", nulls_distinct=False),
            lambda f: UniqueConstraint(fields=(f,), name="u", nulls_distinct=False),
        ),
        "code",
        rejected=({"code": "c1"},),
        accepted=({"code": None},),
    ),
    "a check": Member(
        *constraint(
            lambda f: TortoiseCheck(check=f'"{f}" >= 0', name="positive"),
            lambda f: CheckConstraint(check=f""""{f}" >= 1 AND code <> 'it''s, (a) "b"; -- c'""", name="positive"),
        ),
        "price",
        rejected=({"price": -1}, {"price": -2, "code": "it's"}),
        accepted=({"price": None},),
    ),
    "no overlap of timestamps": Member(
        *constraint(
            lambda f: NoOverlap("begins", f, by=("owner", "room"), name="busy", condition=NOT_CANCELLED),
            lambda f: NoOverlap("begins", f, by=("room",), name="busy", condition=NOT_CANCELLED),
        ),
        "ends",
        rejected=(
            {"owner_id": 1, "room": 1, "begins": SAME_TIME[0], "ends": SAME_TIME[1]},
            {"owner_id": 1, "room": 1, "begins": None, "ends": "2030-01-01 10:00:01+00:00"},
            {"owner_id": 1, "room": 1, "begins": "2029-01-01 00:00:00+00:00", "ends": None},
            {"owner_id": 1, "room": 1, "begins": "2030-01-05 00:00:00+00:00", "ends": "2030-01-04 00:00:00+00:00"},
        ),
        accepted=(
            {"owner_id": 1, "room": 1, "begins": SAME_TIME[1], "ends": None},
            {"owner_id": 1, "room": 1, "begins": SAME_TIME[0], "ends": SAME_TIME[0]},
            {"owner_id": 1, "room": 1, "begins": None, "ends": SAME_TIME[0]},
            {"owner_id": 1, "room": None, "begins": SAME_TIME[0], "ends": SAME_TIME[1]},
            {"owner_id": 1, "room": 1, "begins": SAME_TIME[0], "ends": SAME_TIME[1], "state": "cancelled"},
        ),
    ),
    "no overlap of days": Member(
        *constraint(
            lambda f: NoOverlap(f, "closes", name="d"), lambda f: NoOverlap(f, "closes", by=("room",), name="d")
        ),
        "opens",
        rejected=({"opens": "2030-02-01", "closes": "2030-02-02", "room": 1},),
        accepted=({"opens": "2030-02-02", "closes": "2030-02-02", "room": 1},),
    ),
    "no overlap of integers": Member(
        *constraint(
            lambda f: NoOverlap(f, "top", name="n"),
            lambda f: NoOverlap(f, "top", name="n", condition=NOT_CANCELLED),
        ),
        "floor",
        rejected=({"floor": 1, "top": 2},),
        accepted=({"floor": 0, "top": 1},),
    ),
    "no overlap of decimals": Member(
        *constraint(
            lambda f: NoOverlap(f, "high", by=("status",), name="n"),
            lambda f: NoOverlap(f, "high", by=("status", "room"), name="n"),
        ),
        "low",
        rejected=({"low": "1.99", "high": "9.5", "room": 1},),
        accepted=({"low": "0.5", "high": "1", "room": 1},),
    ),
    "a unique foreign key": Member(
        lambda _: {},
        lambda f: {"indexes": ((f,),)},
        "price",
        rejected=({"owner_id": 1},),
        columns=lambda: {"owner": fields.ForeignKeyField("models.Owner", unique=True)},
    ),
    "a one-to-one relation": Member(
        lambda _: {},
        lambda f: {"indexes": ((f,),)},
        "price",
        rejected=({"owner_id": 1},),
        columns=lambda: {"owner": fields.OneToOneField("models.Owner")},
    ),
}

SCHEMAS = ("sales", '"Sales 2"')
REBUILT = 4  # the step after which all is there under new names

numbers = count()


def booking(meta: Meta | None = None, *, names: dict[str, str] | None = None, **columns: Any) -> dict[str, Any]:
    """The fields of the model under test; `names` renames some."""
    own = {
        "owner": fields.ForeignKeyField("models.Owner"),
        "room": fields.IntField(null=True),
        "code": fields.CharField(max_length=20, null=True),
        "status": fields.CharField(max_length=10, source_field="state"),
        "price": fields.IntField(null=True),
        "floor": fields.SmallIntField(null=True),
        "top": fields.SmallIntField(null=True),
        "opens": fields.DateField(null=True),
        "closes": fields.DateField(null=True),
        "begins": UTCDatetimeField(null=True),
        "ends": UTCDatetimeField(null=True),
        "low": NumericField(max_digits=10, decimal_places=2, null=True),
        "high": NumericField(max_digits=10, decimal_places=2, null=True),
        "tags": fields.JSONField(null=True),
        **columns,
    }
    renamed = {(names or {}).get(name, name): each for name, each in own.items()}
    return {**renamed, "Meta": type("Meta", (), {"table": "booking", **(meta or {})})}


@pytest.fixture
def write(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Any]], str]:
    """Puts a model beside its owners into a new module, and returns the module's name."""

    def _write(attributes: dict[str, Any]) -> str:
        module = ModuleType(f"declared_models_{next(numbers)}")
        for name, body in (("Owner", {"Meta": type("Meta", (), {"table": "owner"})}), ("Booking", attributes)):
            whole = {"id": fields.IntField(primary_key=True), **body, "__module__": module.__name__}
            setattr(module, name, type(name, (Model,), whole))
        monkeypatch.setitem(sys.modules, module.__name__, module)
        return module.__name__

    return _write


class History:
    """A history that follows the models, on a database with rows."""

    def __init__(self, url: str, location: Path, write: Callable[[dict[str, Any]], str]) -> None:
        self.url = url
        self.location = location
        self.write = write
        self.numbers = count()
        self.config: dict[str, Any] = {}

    async def step(
        self, attributes: dict[str, Any], databases: Sequence[str] = ("sqlite", "postgres"), rename: Iterable[str] = ()
    ) -> None:
        """Make the next migration and apply it."""
        self.config = models_config(self.url, self.write(attributes))
        name = f"step_{next(self.numbers)}"
        await make(self.config, location=self.location, name=name, databases=databases, rename=rename)
        await migrations.upgrade(self.config, location=self.location)

    async def fresh(self, *models: dict[str, Any]) -> list[Any]:
        """The catalogs of these models where Tortoise creates them."""
        found = []
        for attributes in models:
            await create_from_models(models_config(self.url, self.write(attributes)))
            found.append(await catalog(self.url))
            await self.empty()
        return found

    async def empty(self) -> None:
        if self.url.startswith("sqlite"):
            Path(self.url.removeprefix("sqlite://")).unlink()  # noqa: ASYNC240 - of a test's own
        else:
            schemas = ", ".join(("public", *SCHEMAS))
            await execute(self.url, f"DROP SCHEMA IF EXISTS {schemas} CASCADE", "CREATE SCHEMA public")

    async def insert(self, values: dict[str, Any], *, table: str = "booking") -> None:
        literals = ", ".join("NULL" if each is None else text(str(each)) for each in values.values())
        await execute(self.url, f"INSERT INTO {table} ({', '.join(values)}) VALUES ({literals})")

    async def rejects(self, values: dict[str, Any], *, table: str = "booking") -> bool:
        try:
            await self.insert(values, table=table)
        except (asyncpg.IntegrityConstraintViolationError, sqlite3.IntegrityError):
            return True
        await execute(self.url, f"DELETE FROM {table} WHERE id = {values['id']}")
        return False


@pytest.fixture
def history(empty_database_url: str, tmp_path: Path, write: Callable[[dict[str, Any]], str]) -> History:
    return History(empty_database_url, tmp_path / "migrations", write)


def renamed(values: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in values.items()}


@pytest.mark.parametrize("kind", MEMBERS)
async def test_a_member_is_added_changed_renamed_rebuilt_and_removed_with_rows(history: History, kind: str) -> None:
    member = MEMBERS[kind]
    names = {member.renamed: f"{member.renamed}_new"}
    moved, wider = {"table": "reservation"}, {"room": fields.BigIntField(null=True)}
    new = names[member.renamed]
    steps = [
        booking(),
        booking(member.meta(member.renamed), **member.columns()),
        booking(member.changed(member.renamed), **member.columns()),
        booking(member.changed(new), names=names, **wider, **member.columns()),
        booking({**member.changed(new), **moved}, names=names, **wider, **member.columns()),
        booking(moved, names=names, **wider),
    ]
    tables = ["booking"] * 4 + ["reservation"] * 2
    columns: list[dict[str, str]] = [{}] * 3 + [names] * 3
    catalogs = await history.fresh(*steps)

    for number, step in enumerate(steps):
        decided = [f"booking.{one}:{names.get(one, one)}" for one in ("room", member.renamed) if one in row(1)]
        await history.step(step, rename=decided if number == REBUILT - 1 else ())
        if not number:
            for owner in (1, 2):
                await history.insert({"id": owner}, table="owner")
            await history.insert(row(1))
        assert await catalog(history.url) == catalogs[number], number
        if number == REBUILT:
            assert await check(history.config, location=history.location) == []
        for values in member.rejected:
            assert await history.rejects(renamed(row(2) | values, columns[number]), table=tables[number]) == (
                0 < number < len(steps) - 1
            ), (number, values)
        for values in member.accepted:
            assert not await history.rejects(renamed(row(2) | values, columns[number]), table=tables[number])
    for number in reversed(range(len(steps) - 1)):
        await migrations.downgrade(history.config, location=history.location)
        assert await catalog(history.url) == catalogs[number], number
        assert await execute(history.url, f"SELECT id, owner_id FROM {tables[number]}") == [(1, 1)]


async def test_what_two_columns_declare_follows_the_models_when_they_change_places(history: History) -> None:
    meta = {
        "constraints": (
            CheckConstraint(name="unquoted", check="floor <> 5"),
            UniqueConstraint(fields=("top",), name="u"),
        ),
        "indexes": (Index(fields=("floor",), name="current", condition='"top" > 1 AND floor > 0'),),
    }
    steps = [booking(meta), booking(meta, note=fields.TextField(null=True))]
    catalogs = await history.fresh(*steps)
    for number, step in enumerate(steps):
        await history.step(step, rename=["booking.floor:top", "booking.top:floor"] if number else ())
        if not number:
            await history.insert({"id": 1}, table="owner")
            await history.insert(row(1))
        assert await catalog(history.url) == catalogs[number]

    assert await execute(history.url, "SELECT floor, top FROM booking") == [(2, 1)]
    assert await history.rejects(row(2, owner_id=1, floor=5, top=6))
    assert await history.rejects(row(2, owner_id=1, floor=6, top=1))
    await migrations.downgrade(history.config, location=history.location)
    assert await catalog(history.url) == catalogs[0]
    assert await execute(history.url, "SELECT floor, top FROM booking") == [(1, 2)]


@pytest.mark.only("postgres")
async def test_values_and_sequences_move_in_schemas_too(history: History) -> None:
    def step(name: str, key: Any, code: Any) -> dict[str, Any]:
        return booking({"table": name, "schema": "Sales 2"}, id=key(primary_key=True), code=code)

    steps = [
        step("booking", fields.IntField, fields.CharField(max_length=10)),
        step("reservation", fields.BigIntField, fields.IntField()),
    ]
    tables = ['"Sales 2".booking', '"Sales 2".reservation']
    catalogs = await history.fresh(*steps)
    for number, attributes in enumerate(steps):
        await history.step(attributes, databases=["postgres"])
        if not number:
            await history.insert({"id": 1}, table="owner")
            await history.insert(row(1, code="7"), table=tables[0])
        assert await catalog(history.url) == catalogs[number]
        assert await execute(history.url, f"SELECT code FROM {tables[number]}") == [("7",) if not number else (7,)]
    await migrations.downgrade(history.config, location=history.location)
    assert await catalog(history.url) == catalogs[0]


@pytest.mark.parametrize("kind", [kind for kind, member in MEMBERS.items() if member.rejected])
async def test_a_constraint_that_rows_violate_is_not_added_and_nothing_changes(history: History, kind: str) -> None:
    member = MEMBERS[kind]
    await history.step(booking())
    for owner in (1, 2):
        await history.insert({"id": owner}, table="owner")
    await history.insert(row(1))
    await history.insert(row(2) | member.rejected[0])
    before = await catalog(history.url), await execute(history.url, "SELECT * FROM booking ORDER BY id")

    with pytest.raises(MigrationError, match="nothing changed"):
        await history.step(booking(member.meta(member.renamed), **member.columns()))

    assert (await catalog(history.url), await execute(history.url, "SELECT * FROM booking ORDER BY id")) == before


@pytest.mark.only("postgres")
async def test_a_table_moves_between_schemas_with_its_rows_and_what_it_declares(history: History) -> None:
    def step(schema: str | None, name: str = "booking", **columns: Any) -> dict[str, Any]:
        meta = {"table": name, "unique_together": (("owner", "code"),), "indexes": (Index(fields=("-price",)),)}
        parent: Any = fields.ForeignKeyField("models.Booking", null=True, description="of a group")
        owners: Any = fields.ManyToManyField("models.Owner", related_name="guests")
        return booking({**meta, "schema": schema}, parent=parent, owners=owners, **columns)

    steps = [
        step(None),
        step("sales"),
        step("Sales 2", name="reservation"),
        step("Sales 2", name="reservation", room=fields.BigIntField(null=True), note=fields.TextField(default="")),
        step(None, room=fields.BigIntField(null=True), note=fields.TextField(default="")),
    ]
    tables = ["booking", "sales.booking", '"Sales 2".reservation', '"Sales 2".reservation', "booking"]
    catalogs = await history.fresh(*steps)

    for number, attributes in enumerate(steps):
        await history.step(attributes, databases=["postgres"])
        if not number:
            await history.insert({"id": 1}, table="owner")
            await history.insert(row(1))
        assert await catalog(history.url) == catalogs[number], number
        assert await check(history.config, location=history.location, databases=["postgres"]) == []
        assert await history.rejects(row(2) | {"owner_id": 1, "code": "c1"}, table=tables[number])
    for number in reversed(range(len(steps) - 1)):
        await migrations.downgrade(history.config, location=history.location)
        assert await catalog(history.url) == catalogs[number], number
        assert await execute(history.url, f"SELECT id, owner_id FROM {tables[number]}") == [(1, 1)]


async def test_a_schema_is_rejected_where_sqlite_is_needed(history: History) -> None:
    message = r"models\.Booking\.Meta\.schema is 'sales', which SQLite does not have; to run on Postgres only, see"

    with pytest.raises(MigrationError, match=message):
        await history.step(booking({"schema": "sales"}))


BY_HAND = """
CREATE INDEX "by_hand" ON "booking" (("price" + 1));
{trigger}
"""
TRIGGERS = {
    "sqlite": 'CREATE TRIGGER "watch" AFTER DELETE ON "booking" BEGIN DELETE FROM "owner" WHERE 1 = 0; END;',
    "postgres": (
        'ALTER TABLE "booking" ADD COLUMN "spare" INT;'
        "CREATE FUNCTION \"watched\"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
        'CREATE TRIGGER "watch" AFTER DELETE ON "booking" FOR EACH ROW EXECUTE FUNCTION "watched"();'
    ),
}


async def test_what_only_sql_can_say_is_listed_in_one_place_that_the_gates_accept(history: History) -> None:
    [fresh] = await history.fresh(booking())
    await history.step(booking())
    path = await make(history.config, location=history.location, name="by_hand", empty=True)
    assert path
    scripts = {dialect: BY_HAND.format(trigger=trigger) for dialect, trigger in TRIGGERS.items()}
    work = f"\n\nasync def upgrade(db):\n    return {scripts}[db.capabilities.dialect]\n"
    path.write_text(path.read_text(encoding="utf-8") + work, encoding="utf-8")
    await migrations.upgrade(history.config, location=history.location)

    unlisted = await check(history.config, location=history.location)
    extra = only_in(await catalog(history.url), fresh)
    names = "by_hand\nwatch  # deletes nothing\nwatched\n\n# a column\nbooking.spare\n"
    (history.location / "by_hand.txt").write_text(names, encoding="utf-8")

    remedy = "is in no model: declare it in Meta, or list its name in migrations/by_hand.txt"
    assert unlisted == [f"sqlite: {name} {remedy}" for name in ("by_hand", "watch")]
    assert await check(history.config, location=history.location) == []
    assert {line.split(":")[0] for line in extra} >= {"indexes", "triggers"}
    assert all(line.endswith("or list its name in migrations/by_hand.txt") for line in extra)
    assert await catalog(history.url, without=migrations.by_hand(history.location)) == fresh


async def test_only_one_of_many_that_book_a_room_at_once_gets_it(history: History) -> None:
    await history.step(booking({"constraints": (NoOverlap("floor", "top", by=("room",), name="rooms"),)}))
    await history.insert({"id": 1}, table="owner")
    async with TortoiseContext() as context:
        await context.init(history.config)
        model = context.get_model("models", "Booking")

        @transactional()
        async def book(number: int) -> None:
            await model.create(owner_id=1, room=1, floor=number, top=number + 9, status="open")

        results = await asyncio.gather(*(book(number) for number in range(8)), return_exceptions=True)

        assert await model.all().count() == 1
    failures = [each for each in results if each is not None]
    assert [each.kind for each in failures if isinstance(each, ConstraintViolation)] == [Constraint.EXCLUSION] * 7


async def test_the_example_of_the_docs_is_made(
    monkeypatch: pytest.MonkeyPatch, empty_database_url: str, tmp_path: Path
) -> None:
    page = (PROJECT_FILE.parent / "docs" / "models.md").read_text(encoding="utf-8")
    example, line = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    module = ModuleType("documented_models")
    room = {"id": fields.BigIntField(primary_key=True), "__module__": module.__name__}
    vars(module).update({**globals(), "Room": type("Room", (Model,), room)})
    exec(example, vars(module))  # noqa: S102 - of the docs
    monkeypatch.setitem(sys.modules, module.__name__, module)
    config = models_config(empty_database_url, module.__name__)

    await make(config, location=tmp_path, name="init")
    await migrations.upgrade(config, location=tmp_path)

    assert await check(config, location=tmp_path) == []
    names = re.findall(r'name="(\w+)"', example)
    script = next((tmp_path / "models").glob("*.py")).read_text(encoding="utf-8")
    assert [script.count(f'"{name}" ') >= 2 for name in names] == [True] * len(names)
    assert line.partition("=")[0] in (PROJECT_FILE.parent / "app" / "database.py").read_text(encoding="utf-8")


async def test_two_indexes_of_one_name_are_rejected_by_name(history: History) -> None:
    one, other = ({"indexes": (Index(fields=("id",), name="same"),), "table": name} for name in ("one", "other"))
    name = history.write({"Meta": type("Meta", (), one)})
    second = {"id": fields.IntField(primary_key=True), "Meta": type("Meta", (), other), "__module__": name}
    vars(sys.modules[name])["Second"] = type("Second", (Model,), second)

    with pytest.raises(
        MigrationError, match=r"'same' names an index of Booking and an index of Second, .*: choose another name"
    ):
        await make(models_config(history.url, name), location=history.location, name="init")


@pytest.mark.only("postgres")
async def test_fields_that_only_postgres_has_are_made_there(history: History) -> None:
    def step(**more: Any) -> dict[str, Any]:
        found: Any = TSVectorField(("code",), config="simple")
        return booking(words=ArrayField("text", null=True), found=found, **more)

    steps = [booking(), step(), step(more=fields.IntField(null=True))]
    catalogs = await history.fresh(*steps)

    for number, attributes in enumerate(steps):
        await history.step(attributes, databases=["postgres"])
        assert await catalog(history.url) == catalogs[number]
    await history.insert({"id": 1}, table="owner")
    await history.insert(row(1) | {"words": "{a,b}"})
    assert await execute(history.url, "SELECT words, found::text FROM booking") == [(["a", "b"], "'c1':1")]
    for number in (1, 0):
        await migrations.downgrade(history.config, location=history.location)
        assert await catalog(history.url) == catalogs[number]
    with pytest.raises(MigrationError, match=r"The expression of booking\.found changes: write this migration by hand"):
        await history.step(booking(found=TSVectorField(("code",), config="english")), databases=["postgres"])


@pytest.mark.parametrize(
    ("keys", "columns"),
    [
        (("room", "price"), ["room", "price"]),
        (("-price", "code nulls first", "status"), ["price_desc", "code_nulls_first", "state"]),
    ],
)
async def test_an_index_without_a_name_has_the_same_one_on_both_databases(
    history: History, keys: tuple[str, ...], columns: list[str]
) -> None:
    module = history.write(booking({"indexes": (Index(fields=keys),)}))
    async with TortoiseContext() as context:
        await context.init(models_config(history.url, module))
        model = context.get_model("models", "Booking")
        table = table_description(model, context.db().capabilities.dialect, lambda prefix, names: str([prefix, *names]))

        assert list(declared(table, descriptions(model)[0]).indexes) == [str(["idx", *columns])]
