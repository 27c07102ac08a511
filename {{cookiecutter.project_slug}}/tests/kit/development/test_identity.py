"""Which table and column is which after a change of names: decided by the models, or asked."""

import sys
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tortoise import fields
from tortoise.models import Model

from tortoise_kit import migrations
from tortoise_kit.development.migrations import check, make
from tortoise_kit.development.testing import execute, models_config
from tortoise_kit.migrations import MigrationError

type Models = dict[str, dict[str, Any]]

NUMBERS = count()


def named(**more: Any) -> dict[str, Any]:
    return {"name": fields.CharField(max_length=20), **more}


def key(to: str, **options: Any) -> Any:
    return fields.ForeignKeyField(f"models.{to}", related_name=False, null=True, **options)


def many(to: str, **options: Any) -> Any:
    return fields.ManyToManyField(f"models.{to}", related_name="back", **options)


def table(name: str, **meta: Any) -> dict[str, Any]:
    return {"Meta": type("Meta", (), {"table": name, **meta})}


def number() -> Any:
    return fields.IntField(null=True)


class Project:
    """Models that change, with their history and a database.

    Args:
        url: The database.
        location: The folder of the migrations.
        patch: Where modules are registered.
    """

    def __init__(self, url: str, location: Path, patch: pytest.MonkeyPatch) -> None:
        self._url = url
        self._location = location
        self._patch = patch
        self._newest = dict[str, Any]()

    def config(self, models: Models) -> dict[str, Any]:
        module = ModuleType(f"identified_{next(NUMBERS)}")
        for name, attributes in models.items():
            body = {"id": fields.IntField(primary_key=True), **attributes, "__module__": module.__name__}
            setattr(module, name, type(name, (Model,), body))
        self._patch.setitem(sys.modules, module.__name__, module)
        return models_config(self._url, module.__name__)

    async def step(self, models: Models, *, rename: Iterable[str] = (), drop: Iterable[str] = ()) -> Path | None:
        """Write and apply the migration to these models."""
        config = self._newest = self.config(models)
        path = await make(config, location=self._location, name="step", rename=rename, drop=drop)
        await migrations.upgrade(config, location=self._location)
        return path

    async def back(self) -> None:
        """Revert the last step."""
        await migrations.downgrade(self._newest, location=self._location)

    async def differences(self, models: Models) -> list[str]:
        return await check(self.config(models), location=self._location)

    async def rows(self, *statements: str) -> list[tuple[object, ...]]:
        return await execute(self._url, *statements)


@pytest.fixture
def project(empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    return Project(empty_database_url, tmp_path / "migrations", monkeypatch)


NAMED = "INSERT INTO {} (id, name) VALUES (1, '{}')"


async def test_a_class_with_a_new_name_is_asked_about(project: Project) -> None:
    await project.step({"Invoice": named()})
    await project.rows(NAMED.format("invoice", "kept"))
    bill = {"Bill": named()}

    question = (
        r'Invoice: the table "invoice" would be dropped .* --drop invoice, or --rename invoice:bill if it has a new'
    )
    with pytest.raises(MigrationError, match=question):
        await project.step(bill)
    assert await project.rows("SELECT name FROM invoice") == [("kept",)]

    await project.step(bill, rename=["invoice:bill"])
    assert await project.rows("SELECT name FROM bill") == [("kept",)]
    await project.back()
    assert await project.rows("SELECT name FROM invoice") == [("kept",)]


async def test_a_table_is_dropped_and_its_name_taken_by_another(project: Project) -> None:
    await project.step({"A": named(), "B": named(a=key("A"))})
    await project.rows(NAMED.format("a", "first"), NAMED.format("b", "second"))
    only = {"B": named(**table("a"))}

    with pytest.raises(MigrationError, match=r"--drop b, or --rename b:a if"):
        await project.step(only)
    await project.step(only, drop=["a", "b.a_id"])

    assert await project.rows("SELECT name FROM a") == [("second",)]
    await project.back()
    assert await project.rows("SELECT name FROM b") == [("second",)]
    assert await project.rows("SELECT name FROM a") == []


async def test_a_new_class_takes_the_name_of_a_renamed_one(project: Project) -> None:
    await project.step({"Invoice": named(total=number())})
    await project.rows(NAMED.format("invoice", "kept"))
    swapped = {"Bill": named(total=number()), "Invoice": {"code": fields.CharField(max_length=20)}}

    with pytest.raises(MigrationError, match=r"Invoice: .* add --rename invoice:invoice or --rename invoice:bill\."):
        await project.step(swapped)
    await project.step(swapped, rename=["invoice:bill"])

    assert await project.rows("SELECT name FROM bill") == [("kept",)]
    assert await project.rows("SELECT * FROM invoice") == []


@pytest.mark.parametrize("same", [True, False])
async def test_two_models_that_swap_their_tables_are_told_apart_by_their_columns(project: Project, same: bool) -> None:  # noqa: FBT001
    def models(one: str, other: str) -> Models:
        return {"One": named(**table(one)), "Other": named(**({} if same else {"size": number()}), **table(other))}

    await project.step(models("a", "b"))
    await project.rows(NAMED.format("a", "one"), NAMED.format("b", "other"))
    swapped = models("b", "a")
    if same:
        with pytest.raises(MigrationError, match=r"--rename a:a or --rename a:b\..*--rename b:a or --rename b:b"):
            await project.step(swapped)
        await project.step(swapped, rename=["a:b", "b:a"])
    else:
        await project.step(swapped)

    assert await project.rows("SELECT name FROM b") == [("one",)]
    assert await project.rows("SELECT name FROM a") == [("other",)]
    await project.back()
    assert await project.rows("SELECT name FROM a") == [("one",)]


async def test_a_model_that_is_split_is_asked_about(project: Project) -> None:
    await project.step({"Person": named()})

    with pytest.raises(MigrationError, match=r"--drop person, or --rename person:student\|teacher if"):
        await project.step({"Student": named(), "Teacher": named()})


async def test_a_relation_to_itself_keeps_its_direction_under_another_class(project: Project) -> None:
    await project.step({"Item": {"parts": many("Item"), **table("item")}})
    await project.rows(
        "INSERT INTO item (id) VALUES (1), (2)", "INSERT INTO item_item (item_rel_id, item_id) VALUES (1, 2)"
    )

    await project.step({"Article": {"parts": many("Article"), **table("item")}})

    assert await project.rows("SELECT item_id, article_id FROM item_item") == [(1, 2)]


async def test_a_join_table_follows_the_tables_that_it_joins(project: Project) -> None:
    await project.step({"A": {"bs": many("B")}, "B": {}})
    await project.rows(
        "INSERT INTO a (id) VALUES (1)", "INSERT INTO b (id) VALUES (2)", "INSERT INTO a_b VALUES (1, 2)"
    )

    await project.step({"Alpha": {"bs": many("Beta")}, "Beta": {}}, rename=["a:alpha", "b:beta"])

    assert await project.rows("SELECT alpha_id, beta_id FROM alpha_beta") == [(1, 2)]


@pytest.mark.parametrize("column", ["b_id", "to_id"])
async def test_a_foreign_key_to_another_model_is_asked_about(project: Project, column: str) -> None:
    await project.step({"A": {}, "B": {}, "C": {"to": key("A")}})
    other = {"A": {}, "B": {}, "C": {"to": key("B")}} if column == "to_id" else {"A": {}, "B": {}, "C": {"b": key("B")}}

    question = r"c\.to_id referred to a\.id and now refers to b\.id" if column == "to_id" else "--drop c.to_id"
    with pytest.raises(MigrationError, match=question):
        await project.step(other)
    decided = {"rename": ["c.to_id:to_id"]} if column == "to_id" else {"drop": ["c.to_id"]}
    assert await project.step(other, **decided) is not None


@pytest.mark.parametrize(
    ("before", "after", "question"),
    [
        ({"a": number(), "b": number()}, {"c": number(), "d": number()}, r"item\.a .* --rename item\.a:c\|d if"),
        ({"a": number(), "b": number()}, {"b": number(), "c": number()}, r"--drop item\.a, or --rename item\.a:c if"),
        ({"a": number()}, {"c": fields.BigIntField(null=True)}, r"Item: the column item\.a would be dropped"),
        ({"a": number()}, {}, r"add --drop item\.a\.$"),
        (
            {"a": number(), "b": fields.TextField(null=True)},
            {"b": number(), "a": fields.TextField(null=True)},
            r"not clear which name item\.a has now: add --rename item\.a:a or --rename item\.a:b\.",
        ),
    ],
)
async def test_a_column_that_may_be_another_is_asked_about(
    project: Project, before: dict[str, Any], after: dict[str, Any], question: str
) -> None:
    await project.step({"Item": named(**before)})

    with pytest.raises(MigrationError, match=question):
        await project.step({"Item": named(**after)})
    assert await project.differences({"Item": named(**after)})


async def test_a_column_that_moved_to_a_new_model_is_not_taken_for_a_renamed_one(project: Project) -> None:
    await project.step({"Item": named(street=number())})

    with pytest.raises(MigrationError, match=r"--drop item\.street, or --rename item\.street:size if"):
        await project.step({"Item": named(size=number()), "Address": {"street": number()}})


async def test_columns_change_places(project: Project) -> None:
    await project.step({"Item": {"a": number(), "b": fields.TextField(null=True)}})
    await project.rows("INSERT INTO item (id, a, b) VALUES (1, 7, 'seven')")

    await project.step({"Item": {"b": number(), "a": fields.TextField(null=True)}}, rename=["item.a:b", "item.b:a"])

    assert await project.rows("SELECT b, a FROM item") == [(7, "seven")]
    await project.back()
    assert await project.rows("SELECT a, b FROM item") == [(7, "seven")]


@pytest.mark.parametrize("options", [{"drop": ["item.x"]}, {"drop": ["items"]}, {"rename": ["item.x:name"]}])
async def test_a_decision_about_nothing_is_rejected(project: Project, options: dict[str, list[str]]) -> None:
    await project.step({"Item": named()})

    with pytest.raises(MigrationError, match=r"--(drop|rename) item\S* fits no table or column of this change"):
        await project.step({"Item": named(size=number())}, **options)


async def test_two_tables_or_columns_with_one_new_name_are_rejected(project: Project) -> None:
    await project.step({"Item": {"a": number(), "b": number()}, "Other": {}})
    new = {"Thing": {"c": number()}}

    with pytest.raises(MigrationError, match="both item and other are thing now: choose one"):
        await project.step(new, rename=["item:thing", "other:thing"])
    with pytest.raises(MigrationError, match="both a and b are c now: choose one"):
        await project.step(new, rename=["item:thing", "item.a:c", "item.b:c"], drop=["other"])


async def test_a_key_without_a_constraint_to_another_model_is_asked_about(project: Project) -> None:
    await project.step({"A": {}, "B": {}, "C": {"to": key("A", db_constraint=False)}})

    with pytest.raises(MigrationError, match=r"C: c\.to_id referred to a and now refers to b"):
        await project.step({"A": {}, "B": {}, "C": {"to": key("B", db_constraint=False), "n": number()}})


async def test_a_join_table_of_other_models_needs_another_name(project: Project) -> None:
    await project.step({"A": {"x": many("B", through="joined")}, "B": {}, "C": {}})

    with pytest.raises(MigrationError, match=r'A\.x: the table "joined" joins other models now'):
        await project.step({"A": {"x": many("C", through="joined")}, "B": {}, "C": {}}, drop=["joined.b_id"])


async def test_a_rename_without_two_names_is_rejected(project: Project) -> None:
    with pytest.raises(MigrationError, match=r"--rename item is not usable: write OLD:NEW"):
        await project.step({"Item": named()}, rename=["item"])


async def test_a_table_that_is_not_managed_any_more_stays(project: Project) -> None:
    managed = {"Item": named(tags=many("Tag")), "Tag": {}}
    await project.step(managed)
    await project.rows(NAMED.format("item", "kept"))
    unmanaged = {"Item": named(tags=many("Tag"), **table("item", managed=False)), "Tag": {}, "Other": {}}
    await project.step(unmanaged)
    await project.step({"Tag": {}, "Other": {}})
    assert await project.rows("SELECT name FROM item") == [("kept",)]

    again = {"Item": named(size=number(), tags=many("Tag")), "Tag": {}, "Other": {}}
    await project.step(again)

    assert await project.rows("SELECT name, size FROM item") == [("kept", None)]
    assert await project.differences(again) == []


async def test_that_a_table_is_no_longer_managed_is_a_change_by_itself(project: Project) -> None:
    await project.step({"Item": named(), "Tag": {}})
    await project.rows(NAMED.format("item", "kept"))
    await project.step({"Item": named(**table("item", managed=False)), "Tag": {}})
    await project.step({"Tag": {}})

    assert await project.rows("SELECT name FROM item") == [("kept",)]


@pytest.mark.parametrize("exists", [True, False])
async def test_a_table_that_becomes_managed_is_created_where_it_is_missing(project: Project, exists: bool) -> None:  # noqa: FBT001
    tag = {"Tag": {"item": key("Item", db_constraint=False)}}
    await project.step({"Item": named(**table("item", managed=False))} | tag)
    if exists:
        await project.rows(
            "CREATE TABLE item (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL)", NAMED.format("item", "kept")
        )
    managed = {"Item": named()} | tag

    await project.step(managed)

    assert await project.rows("SELECT name FROM item") == ([("kept",)] if exists else [])
    assert await project.differences(managed) == []
    await project.back()
    assert await project.rows("SELECT name FROM item") == ([("kept",)] if exists else [])


ODD: dict[str, tuple[Callable[[], Models], str]] = {
    "two models of one table": (
        lambda: {"A": named(**table("t")), "B": named(**table("T"))},
        r"'t' names the table of A and the table of B",
    ),
    "two relations of one join table": (
        lambda: {"A": {"x": many("B"), "y": fields.ManyToManyField("models.B", related_name="too")}, "B": {}},
        r"'a_b' names the join table of A\.x and the join table of A\.y",
    ),
    "two fields of one column": (
        lambda: {"A": {"x": number(), "y": fields.IntField(source_field="X")}},
        r"'x' names the column of A\.x and the column of A\.y",
    ),
    "a quote": (lambda: {"A": named(**table('a"b'))}, r"the table of A, has a character that Tortoise does not quote"),
    "a long name": (lambda: {"A": {"x" * 64: number()}}, r"the column of A\.x+, is longer than 63 bytes"),
    "Aerich's table": (lambda: {"A": named(**table("aerich"))}, r"the table of A, is the name of a table of Aerich"),
    "a cycle": (lambda: {"A": {"b": key("B")}, "B": {"a": key("A")}}, r"A, B reference each other in a cycle"),
    "no target": (lambda: {"A": {"b": key("B")}}, r"'B' registered in app 'models', to which A\.b refers: correct it"),
    "no field": (
        lambda: {"A": named(**table("a", indexes=(("x",),)))},
        r"models\.A: the table a has no field 'x'; there are: id",
    ),
    "an index that SQLite cannot read": (
        lambda: {"A": {"x": fields.IntField(source_field="x y", db_index=True)}},
        r'cannot be made on SQLite: .* in .*ON "a" \(x y\)',
    ),
}


@pytest.mark.parametrize("case", ODD)
async def test_what_no_database_can_have_is_rejected_by_model(project: Project, case: str) -> None:
    models, message = ODD[case]

    with pytest.raises(MigrationError, match=message):
        await project.step(models())
