"""What Postgres writes, what Pydantic writes and what plain Tortoise reads is the same, whatever a model says."""

import json
from collections.abc import Callable, Sequence
from types import new_class
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter
from tortoise.models import Model

from tests.kit.generated import Shape, Values, World, connect_rows, sortable, worlds
from tests.kit.specimens import sorted_as
from tortoise_kit.bulk.copy import copy_many
from tortoise_kit.bulk.write import insert_many, update_many, upsert_many
from tortoise_kit.pagination import bodies
from tortoise_kit.pagination.json_rows import json_sql
from tortoise_kit.pagination.order import OrderError, parse_order
from tortoise_kit.schemas.models import ReadSchema

SECRETS = [b"s" * 32]
WORLDS = 12
WORLDS_OF_A_NIGHT = 204

type Schema = type[ReadSchema]


def schema(model: type[Model], exclude: Sequence[str] = (), **relations: Any) -> Schema:
    """A read schema of the model's columns and these relations."""
    body = {"__annotations__": relations, "__module__": __name__}
    made: Schema = new_class(
        f"{model.__name__}Read", (ReadSchema,), {"model": model, "exclude": exclude}, lambda names: names.update(body)
    )
    return made


def many(kind: Any) -> Any:
    """A list of them, for an annotation."""
    return list[kind]


async def check_worlds(url: str, database: str, numbers: Sequence[int], monkeypatch: pytest.MonkeyPatch) -> None:
    async with worlds(url, numbers, database) as made:
        for each in made:
            await check(each, monkeypatch)


async def test_all_readers_agree_on_generated_models(
    empty_database_url: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await check_worlds(empty_database_url, database, range(WORLDS), monkeypatch)


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(WORLDS, WORLDS_OF_A_NIGHT, WORLDS))
async def test_all_readers_agree_on_many_generated_models(
    empty_database_url: str, database: str, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await check_worlds(empty_database_url, database, range(first, first + WORLDS), monkeypatch)


async def check(made: World, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = connect_rows(made)
    await store(made, pairs)
    for shape in made.shapes:
        await check_columns(shape)
    for shown, shape, expected in views(made, pairs):
        assert made.number % 2 or json_sql(shown), "Postgres can write these models"
        for without in (False, True):
            with monkeypatch.context() as patch:
                if without:
                    patch.setattr(bodies, "json_sql", lambda _: None)
                await check_pages(shown, shape, expected)


async def store(made: World, pairs: list[tuple[Values, Values]]) -> None:
    """Each model by another way of writing."""
    base, middle, leaf = made.shapes
    await insert_many([base.model(**row) for row in base.rows])
    await copy_many(middle.model, list(middle.rows[0]), [list(row.values()) for row in middle.rows])
    key = leaf.model._meta.pk_attr
    assert await upsert_many(leaf.model, leaf.rows, conflict=(key,)) == [row[key] for row in leaf.rows]
    assert await upsert_many(leaf.model, leaf.rows, conflict=(key,)) == [row[key] for row in leaf.rows]
    changeable = [name for name in leaf.rows[0] if name != key]
    if changeable:
        assert await update_many(await leaf.model.all(), changeable) == len(leaf.rows)
    for row, other in pairs:
        found = await middle.model.get(key=row["key"])
        await getattr(found, made.names["peers"]).add(await base.model.get(key=other["key"]))


async def check_columns(shape: Shape) -> None:
    """Plain Tortoise reads what was written."""
    key = shape.model._meta.pk_attr
    stored = {getattr(row, key): row for row in await shape.model.all()}
    for row in shape.rows:
        assert {name: getattr(stored[row[key]], name) for name in row} == row


def views(made: World, pairs: list[tuple[Values, Values]]) -> list[tuple[Schema, Shape, Callable[[Values], Any]]]:
    """Schemas with relations at several depths, and what each shows of a row, put together in Python."""
    names, (base, middle, leaf) = made.names, made.shapes
    plain = {shape.model: schema(shape.model) for shape in made.shapes}
    to_base = schema(middle.model, (), **{names["base"]: plain[base.model] | None})
    deep_leaf = schema(leaf.model, (), middle=to_base | None if "key" in leaf.columns else to_base)
    deep_middle = schema(
        middle.model,
        (),
        **{
            names["base"]: plain[base.model] | None,
            names["other"]: plain[base.model] | None,
            names["parent"]: to_base | None,
            names["children"]: many(to_base),
            names["peers"]: many(plain[base.model]),
            names["leaf"]: deep_leaf | None,
        },
    )
    deep_base = schema(
        base.model,
        (),
        **{
            names["middles"]: many(deep_middle),
            names["others"]: many(plain[middle.model]),
            names["back_peers"]: many(to_base),
        },
    )
    read = Oracle(made, pairs)
    return [
        (deep_base, base, read.deep_base),
        (deep_middle, middle, read.deep_middle),
        (deep_leaf, leaf, read.deep_leaf),
    ]


class Oracle:
    """The JSON of rows from what was written, without SQL."""

    def __init__(self, made: World, pairs: list[tuple[Values, Values]]) -> None:
        self.made = made
        self.pairs = [(row["key"], other["key"]) for row, other in pairs]
        self.base, self.middle, self.leaf = made.shapes
        self.names = made.names
        self.adapters: dict[type[Model], dict[str, TypeAdapter[Any]]] = {}

    def plain(self, shape: Shape, row: Values) -> Any:
        if shape.model not in self.adapters:
            fields = schema(shape.model).model_fields
            kinds: list[tuple[str, Any]] = [
                (name, Annotated[info.annotation, *info.metadata, 0]) for name, info in fields.items()
            ]
            self.adapters[shape.model] = {name: TypeAdapter(kind) for name, kind in kinds}
        return {name: json.loads(kind.dump_json(row[name])) for name, kind in self.adapters[shape.model].items()}

    def referred(self, row: Values, relation: str) -> Any:
        key, target = row[f"{self.names[relation]}_id"], self.made.targets[relation]
        found = [other for other in self.base.rows if key is not None and other[target] == key]
        return self.plain(self.base, found[0]) if found else None

    def to_base(self, row: Values) -> Any:
        return {**self.plain(self.middle, row), self.names["base"]: self.referred(row, "base")}

    def deep_leaf(self, row: Values) -> Any:
        middle = [other for other in self.middle.rows if other["key"] == row["middle_id"]]
        return {**self.plain(self.leaf, row), "middle": self.to_base(middle[0]) if middle else None}

    def deep_middle(self, row: Values) -> Any:
        parent = [other for other in self.middle.rows if other["key"] == row[f"{self.names['parent']}_id"]]
        leaf = [other for other in self.leaf.rows if other["middle_id"] == row["key"]]
        children = [other for other in self.middle.rows if other[f"{self.names['parent']}_id"] == row["key"]]
        peers = [other for other in self.base.rows if (row["key"], other["key"]) in self.pairs]
        return {
            **self.to_base(row),
            self.names["other"]: self.referred(row, "other"),
            self.names["parent"]: self.to_base(parent[0]) if parent else None,
            self.names["children"]: [self.to_base(other) for other in self.ordered(self.middle, children)],
            self.names["peers"]: [self.plain(self.base, other) for other in self.ordered(self.base, peers)],
            self.names["leaf"]: self.deep_leaf(leaf[0]) if leaf else None,
        }

    def deep_base(self, row: Values) -> Any:
        linked = [other for other in self.middle.rows if (other["key"], row["key"]) in self.pairs]
        return {
            **self.plain(self.base, row),
            self.names["middles"]: [self.deep_middle(other) for other in self.referring(row, "base")],
            self.names["others"]: [self.plain(self.middle, other) for other in self.referring(row, "other")],
            self.names["back_peers"]: [self.to_base(other) for other in self.ordered(self.middle, linked)],
        }

    def referring(self, row: Values, relation: str) -> list[Values]:
        value = row[self.made.targets[relation]]
        key = f"{self.names[relation]}_id"
        return self.ordered(
            self.middle, [each for each in self.middle.rows if value is not None and each[key] == value]
        )

    def ordered(self, shape: Shape, rows: list[Values]) -> list[Values]:
        return sorted(rows, key=lambda row: row[shape.model._meta.pk_attr], reverse=bool(shape.model._meta.ordering))


def in_order(rows: list[Values], key: str, name: str) -> list[Values]:
    """Sorted by a column, NULL last, and then by the key."""
    by_key = sorted(rows, key=lambda row: row[key])
    known = sorted((row for row in by_key if row[name] is not None), key=lambda row: sorted_as(row[name]))
    return [*known, *(row for row in by_key if row[name] is None)]


async def check_pages(shown: Schema, shape: Shape, expected: Callable[[Values], Any]) -> None:
    key = shape.model._meta.pk_attr
    for name in shape.columns.keys() - set(sortable(shape)):
        with pytest.raises(OrderError, match=r"has no order|without a maximum length"):
            parse_order(shape.model, [name])
    for name in sortable(shape):
        ordered = in_order(shape.rows, key, name)
        assert differences(await walk(shown, shape, name), [expected(row) for row in ordered]) == [], (
            shape.model.__name__,
            name,
        )
    for row in shape.rows:
        one = await bodies.item_body(shape.model.filter(**{key: row[key]}), shown)
        assert one is not None
        assert differences(json.loads(one), expected(row)) == []


def differences(found: Any, expected: Any, path: str = "") -> list[str]:
    """Where two JSON values differ, rather than both of them whole."""
    if isinstance(found, dict) and isinstance(expected, dict) and found.keys() == expected.keys():
        return [each for name in found for each in differences(found[name], expected[name], f"{path}.{name}")]
    if isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        return [
            line
            for at, pair in enumerate(zip(found, expected, strict=True))
            for line in differences(*pair, f"{path}[{at}]")
        ]
    return [] if found == expected else [f"{path}: {found!r}, not {expected!r}"]


async def walk(shown: Schema, shape: Shape, order: str) -> list[Any]:
    found, cursor = [], None
    while True:
        page = await bodies.page_body(
            shape.model.all(), shown, order_by=[order], limit=2, cursor=cursor, scope="", secrets=SECRETS
        )
        found += json.loads(page.content)["items"]
        if (cursor := page.next) is None:
            return found
