"""Random changes of names: of models, tables, columns and relations, with rows that must stay with their own model."""

import random
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tortoise import fields
from tortoise.models import Model

from tortoise_kit import migrations
from tortoise_kit.development.migrations import check, make
from tortoise_kit.development.testing import Row, catalog, create_from_models, execute, models_config
from tortoise_kit.migrations import MigrationError

NAMES = ("A", "B", "C", "D", "E")
COLUMNS = ("p", "q", "r", "s")
KINDS: dict[str, Callable[..., Any]] = {
    "short": lambda **options: fields.CharField(max_length=20, null=True, **options),
    "long": lambda **options: fields.CharField(max_length=40, null=True, unique=True, **options),
    "number": lambda **options: fields.IntField(null=True, db_index=True, **options),
}


@dataclass
class Part:
    """A field or a relation of a model.

    Attributes:
        uid: What it is, whatever its name.
        kind: One of KINDS, `key` or `join`.
        name: The name of the field.
        explicit: The name of its column or join table, if it is not the default.
        target: The model that a relation refers to.
    """

    uid: int
    kind: str
    name: str
    explicit: str | None = None
    target: int = 0


@dataclass
class Spec:
    """A model."""

    uid: int
    name: str
    explicit: str | None = None
    parts: list[Part] = field(default_factory=list)

    @property
    def table(self) -> str:
        return self.explicit or self.name.lower()


@dataclass
class Graph:
    """All models."""

    models: dict[int, Spec]
    uids: Iterator[int]

    def column(self, part: Part) -> str:
        return part.explicit or (f"{part.name}_id" if part.kind == "key" else part.name)

    def through(self, model: Spec, part: Part) -> str:
        return part.explicit or f"{model.table}_{self.models[part.target].table}"

    def ends(self, model: Spec, part: Part) -> tuple[str, str]:
        forward = f"{self.models[part.target].name.lower()}_id"
        backward = f"{model.table}_id"
        return (f"{model.table}_rel_id" if backward == forward else backward), forward

    def joins(self) -> Iterator[tuple[Spec, Part]]:
        return ((model, part) for model in self.models.values() for part in model.parts if part.kind == "join")

    def valid(self) -> bool:
        """Whether Tortoise and both databases accept the names."""
        names = [model.name for model in self.models.values()]
        tables = [model.table for model in self.models.values()] + [self.through(*join) for join in self.joins()]
        groups = [names, tables]
        for model in self.models.values():
            columns = [self.column(part) for part in model.parts if part.kind != "join"]
            attributes = [part.name for part in model.parts] + [
                f"{part.name}_id" for part in model.parts if part.kind == "key"
            ]
            groups += [columns, attributes]
        targets = all(
            part.target in self.models for model in self.models.values() for part in model.parts if part.target
        )
        return targets and all(len(group) == len(set(group)) for group in groups) and not self._cyclic()

    def _cyclic(self) -> bool:
        left = dict(self.models)
        while left:
            free = [
                uid
                for uid, model in left.items()
                if not any(part.kind == "key" and part.target in left and part.target != uid for part in model.parts)
            ]
            if not free:
                return True
            for uid in free:
                del left[uid]
        return False


def start() -> Graph:
    """Three models: one refers to another and to itself, and has two many-to-many relations."""
    uids = iter(range(1, 99))
    one, two, three = (Spec(next(uids), name) for name in NAMES[:3])
    for model in (one, two, three):
        model.parts = [Part(next(uids), kind, name) for kind, name in zip(KINDS, COLUMNS, strict=False)]
    for model in (two, three):  # these look the same
        model.parts.pop(1)
    one.parts += [
        Part(next(uids), "key", "up", target=two.uid),
        Part(next(uids), "key", "self", target=one.uid),
        Part(next(uids), "join", "many", target=three.uid),
        Part(next(uids), "join", "peers", target=one.uid),
    ]
    return Graph({model.uid: model for model in (one, two, three)}, uids)


def change(graph: Graph, dice: random.Random) -> None:
    """One random change, of which the result may be invalid."""
    model = dice.choice(list(graph.models.values()))
    dice.choice([_models_name, _models_name, _parts_name, _parts_name, _extent])(graph, model, dice)


def _models_name(graph: Graph, model: Spec, dice: random.Random) -> None:
    other = dice.choice(list(graph.models.values()))
    match dice.randrange(5):
        case 0:  # the class, and its table if its name is the default
            model.name = dice.choice(NAMES)
        case 1:  # the class
            model.explicit, model.name = model.table, dice.choice(NAMES)
        case 2:  # the table
            model.explicit = dice.choice([None, *map(str.lower, NAMES)])
        case 3:
            model.name, other.name = other.name, model.name
        case _:
            model.explicit, other.explicit = other.table, model.table


def _parts_name(graph: Graph, model: Spec, dice: random.Random) -> None:
    part, other = (dice.choice(model.parts) for _ in range(2))
    match dice.randrange(5):
        case 0:
            part.name = dice.choice(COLUMNS)
        case 1:
            part.explicit = dice.choice([None, *COLUMNS])
        case 2:
            part.name, other.name = other.name, part.name
        case 3 if part.kind != "join" != other.kind:
            part.explicit, other.explicit = graph.column(other), graph.column(part)
        case _:  # the field, but not the column
            part.explicit, part.name = part.explicit or graph.column(part), dice.choice(COLUMNS)


def _extent(graph: Graph, model: Spec, dice: random.Random) -> None:
    part = dice.choice(model.parts)
    match dice.randrange(5):
        case 0:
            model.parts.append(Part(next(graph.uids), dice.choice(list(KINDS)), dice.choice(COLUMNS)))
        case 1:  # another model that looks the same
            parts = [
                Part(next(graph.uids), one.kind, one.name, one.explicit) for one in model.parts if one.kind in KINDS
            ]
            uid = next(graph.uids)
            graph.models[uid] = Spec(uid, dice.choice(NAMES), None, parts)
        case 2 if part.kind in KINDS:
            other = dice.choice(list(graph.models.values()))  # a column moves there
            model.parts.remove(part)
            other.parts.append(Part(next(graph.uids), part.kind, part.name))
        case 3:
            model.parts.remove(part)
        case _:
            del graph.models[model.uid]
            for each in graph.models.values():
                each.parts = [one for one in each.parts if one.target != model.uid]


def changed(before: Graph, dice: random.Random) -> Graph:
    """The graph after one to four changes."""
    graph, left = deepcopy(before), dice.randint(1, 4)
    while left:
        tried = deepcopy(graph)
        change(tried, dice)
        complete = len(tried.models) > 1 and all(model.parts for model in tried.models.values())
        if complete and tried.models != graph.models and tried.valid() and not replaced(before, tried):
            graph, left = tried, left - 1
    return graph


def replaced(before: Graph, after: Graph) -> bool:
    """Whether a new column has the name of one that goes, or of one like it that moves: models do not show which."""
    for uid, model in after.models.items():
        old = {part.uid: before.column(part) for part in before.models[uid].parts} if uid in before.models else {}
        new = {part.uid: after.column(part) for part in model.parts}
        kinds = {part.uid: part.kind for part in model.parts}
        gone = {(column, kinds.get(part)) for part, column in old.items() if new.get(part) != column}
        if any({(column, None), (column, kinds[part])} & gone for part, column in new.items() if part not in old):
            return True
    return False


def declared(graph: Graph, name: str) -> ModuleType:
    """A module with these models."""
    module = ModuleType(name)
    for model in graph.models.values():
        body: dict[str, Any] = {"id": fields.IntField(primary_key=True), "__module__": name}
        for part in model.parts:
            body[part.name] = _field(graph, part)
        if model.explicit:
            body["Meta"] = type("Meta", (), {"table": model.explicit})
        setattr(module, model.name, type(model.name, (Model,), body))
    return module


def _field(graph: Graph, part: Part) -> Any:
    if part.kind in KINDS:
        return KINDS[part.kind](source_field=part.explicit)
    to = f"models.{graph.models[part.target].name}"
    if part.kind == "key":
        return fields.ForeignKeyField(to, related_name=False, null=True, source_field=part.explicit)
    return fields.ManyToManyField(to, through=part.explicit, related_name=f"back_{part.uid}")


def rows(graph: Graph) -> Iterator[tuple[str, dict[str, object]]]:
    """Two rows for each model, and one for each join: the table, and the values by column."""
    for model in graph.models.values():
        for number in (1, 2):
            values: dict[str, object] = {"id": model.uid * 10 + number}
            for part in model.parts:
                if part.kind != "join":
                    values[graph.column(part)] = _value(part, number)
            yield model.table, values
    for model, part in graph.joins():
        ends = graph.ends(model, part)
        yield graph.through(model, part), dict(zip(ends, (model.uid * 10 + 1, part.target * 10 + 2), strict=True))


def _value(part: Part, number: int) -> object:
    if part.kind == "key":
        return part.target * 10 + number
    return part.uid * 100 + number if part.kind == "number" else f"{part.uid} {number}"


def inserts(graph: Graph) -> Iterator[str]:
    """The statements that write the rows, referred ones first."""
    keys = {
        model.table: {graph.column(part) for part in model.parts if part.kind == "key"}
        for model in graph.models.values()
    }
    for table, values in rows(graph):
        plain = {name: value for name, value in values.items() if name not in keys.get(table, ())}
        names, texts = ", ".join(f'"{name}"' for name in plain), ", ".join(map(repr, plain.values()))
        yield f'INSERT INTO "{table}" ({names}) VALUES ({texts})'
    for table, values in rows(graph):
        for name in keys.get(table, ()):
            yield f'UPDATE "{table}" SET "{name}" = {values[name]!r} WHERE id = {values["id"]}'


def common(one: Graph, other: Graph) -> Graph:
    """What of the first graph is in the second, too, under the names of the first."""
    graph = deepcopy(one)
    graph.models = {uid: model for uid, model in graph.models.items() if uid in other.models}
    for uid, model in graph.models.items():
        there = {part.uid for part in other.models[uid].parts}
        model.parts = [part for part in model.parts if part.uid in there]
    return graph


def decisions(before: Graph, after: Graph) -> tuple[list[str], list[str]]:
    """What a person would say about the change."""
    renames, drops = list[str](), list[str]()
    for uid, model in before.models.items():
        now = after.models.get(uid)
        joins = {part.uid: (now, part) for part in now.parts} if now else {}
        for part in model.parts:
            if part.kind == "join":
                old, new = before.through(model, part), joins.get(part.uid)
                (renames.append(f"{old}:{after.through(*new)}") if new else drops.append(old))
            elif now:
                old, new = f"{model.table}.{before.column(part)}", joins.get(part.uid)
                (renames.append(f"{old}:{after.column(new[1])}") if new else drops.append(old))
        (renames.append(f"{model.table}:{now.table}") if now else drops.append(model.table))
    return renames, drops


async def stored(url: str, graph: Graph) -> list[tuple[str, Row]]:
    """What the database has in place of `rows(graph)`."""
    found = []
    for table, values in rows(graph):
        names = ", ".join(f'"{name}"' for name in values)
        (key, *_), (value, *_) = values.keys(), values.values()
        [row] = await execute(url, f'SELECT {names} FROM "{table}" WHERE "{key}" = {value!r}') or [()]
        found.append((table, row))
    return found


def expected(graph: Graph) -> list[tuple[str, Row]]:
    return [(table, tuple(values.values())) for table, values in rows(graph)]


async def moves(url: str, seed: int, location: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Change the models at random, migrate there and back, and return whether `make` asked first."""
    dice = random.Random(seed)  # noqa: S311 - not a secret
    before = start()
    after = changed(before, dice)
    configs = []
    for number, graph in enumerate((before, after)):
        module = declared(graph, f"moved_{seed}_{number}")
        monkeypatch.setitem(sys.modules, module.__name__, module)
        configs.append(models_config(url, module.__name__))
    old, new = configs
    await make(old, location=location, name="init")
    await migrations.upgrade(old, location=location)
    await execute(url, *inserts(before))
    old_schema = await catalog(url)
    outcome = "decided by itself"
    try:
        made = await make(new, location=location, name="change")
    except MigrationError:
        outcome = "asked"
        renames, drops = decisions(before, after)
        made = await make(new, location=location, name="change", rename=renames, drop=drops)
    if made is None:
        return "nothing to do"

    await migrations.upgrade(new, location=location)
    assert await stored(url, common(after, before)) == expected(common(after, before))
    new_schema = await catalog(url)
    assert await check(new, location=location) == []
    await migrations.downgrade(new, location=location)
    assert await stored(url, common(before, after)) == expected(common(before, after))
    assert await catalog(url) == old_schema
    await migrations.downgrade(new, location=location, steps=9)
    await create_from_models(new)
    assert await catalog(url) == new_schema
    return outcome


@pytest.mark.parametrize("seed", range(12))  # half a second each: what these miss, the thousand of a night find
async def test_rows_stay_with_their_model_whatever_names_move(
    empty_database_url: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await moves(empty_database_url, seed, tmp_path, monkeypatch)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(12, 1000))
async def test_rows_stay_with_their_model_whatever_names_move_in_many_more_ways(
    empty_database_url: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await moves(empty_database_url, seed, tmp_path, monkeypatch)
