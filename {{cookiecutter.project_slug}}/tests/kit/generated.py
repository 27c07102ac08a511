"""Worlds: random models with relations, rows for them, and what each row is to be read as.

A world has three models. A `Base` is what the others refer to; a `Middle` has foreign keys to it, to itself, and a
many-to-many; a `Leaf` has a one-to-one key to a middle. Names, types, keys and targets are drawn from a seed.
"""

import random
import sys
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, time, timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any, NamedTuple
from uuid import UUID

from tortoise import fields
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.context import TortoiseContext
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from tests.kit.specimens import INSTANTS, Grade, Level
from tortoise_kit.db.config import PoolSettings, connection
from tortoise_kit.development.testing import POOLER, through_pooler
from tortoise_kit.models.columns import NumericField, UTCDatetimeField

type Values = dict[str, Any]
type Draw = random.Random

# Names of ours, of SQL, and of Python's objects; each is a field's name or a column's.
NAMES = (
    *("item", "items", "next", "previous", "cursor", "limit", "order", "place", "kept", "given", "target", "excluded"),
    *("r", "c", "t", "r1", "r2", "pk_", "id2", "column1", "column2", "select", "user", "group", "rows", "where"),
    *("Mixed", "offset", "value", "position", "number_", "db", "link", "r1_link", "as_", "all_", "key_"),
)
COLUMNS = (
    *NAMES,
    "schema",
    "json",
    "_position",
    "_key1",
    "with space",
    "Ünï",
    "a.b",
    "per%cent",
    "col'umn",
    "$1",
    "_key0",
    "sort key",
)
COLUMNS_OF_TEXT = ["", "a", "B", "é", "𝄞", "a'\"|,\\", "\x01\n", "*", "{0}", "%s", "$1"]
TIMES = [each.astimezone(UTC) for each in INSTANTS]
KINDS: dict[str, tuple[Callable[..., Any], list[Any]]] = {
    "int": (fields.IntField, [-(2**31), 0, 2**31 - 1]),
    "small": (fields.SmallIntField, [-(2**15), 7]),
    "big": (fields.BigIntField, [-(2**63), 2**53 + 1, 2**63 - 1]),
    "char": (lambda **given: fields.CharField(max_length=40, **given), COLUMNS_OF_TEXT),
    "text": (fields.TextField, [*COLUMNS_OF_TEXT, "x" * 3000]),
    "bool": (fields.BooleanField, [True, False]),
    "price": (
        lambda **given: NumericField(max_digits=15, decimal_places=2, **given),
        [Decimal("0.10"), Decimal("-9999999999999.99")],
    ),
    "length": (
        lambda **given: fields.DecimalField(max_digits=20, decimal_places=3, **given),
        [Decimal("9.000"), Decimal("-0.001")],
    ),
    "fine": (
        lambda **given: fields.DecimalField(max_digits=20, decimal_places=8, **given),
        [Decimal("0E-8"), Decimal("0.00000010")],
    ),
    "float": (fields.FloatField, [-0.0, 0.1 + 0.2, 5e-324, 1.7e308]),
    "at": (UTCDatetimeField, TIMES),
    "stock_at": (fields.DatetimeField, TIMES),
    "day": (fields.DateField, [date(1, 1, 1), date(2024, 2, 29), date(9999, 12, 31)]),
    "span": (fields.TimeDeltaField, [timedelta(0), timedelta(days=-1, microseconds=1), timedelta(days=9)]),
    "uuid": (fields.UUIDField, [UUID(int=0), UUID(int=2**127), UUID(int=2**128 - 1)]),
    "json": (fields.JSONField, [{}, {"a": [1, None, {"b": "é"}]}, [], [1.5]]),
    "grade": (lambda **given: fields.CharEnumField(Grade, **given), list(Grade)),
    "level": (lambda **given: fields.IntEnumField(Level, **given), list(Level)),
    "binary": (fields.BinaryField, [b"", b"abc"]),
}
POSTGRES_KINDS: dict[str, tuple[Callable[..., Any], list[Any]]] = {
    "time": (fields.TimeField, [time(0, tzinfo=UTC), time(23, 59, 59, 999999, tzinfo=UTC)]),
    "numbers": (lambda **given: ArrayField("int", **given), [[], [1, 2]]),
    "words": (lambda **given: ArrayField("text", **given), [[], ["a,b", "{}"]]),
}
SLOW_KINDS = {"span", "binary", "fine", "time", "numbers", "words"}  # that Postgres does not write as Pydantic does
KEYS: dict[str, Callable[[int], Any]] = {
    "int": lambda number: [3, 1, 2, 2**31 - 1, 0][number],
    "big": lambda number: [2**53, -1, 5, 0, 7][number],  # SQLite 3.40 returns larger keys as floats
    "small": lambda number: number - 2,
    "char": lambda number: ["b", "", "é", "A", "b "][number],
    "uuid": lambda number: UUID(int=[5, 0, 2**128 - 1, 1, 2][number]),
}
ROWS = 5


@dataclass
class Shape:
    """One model: what each of its columns is, and its rows as values by field."""

    model: type[Model] = None  # type: ignore[assignment]  # once its fields are drawn
    columns: dict[str, tuple[str, list[Any]]] = field(default_factory=dict)
    rows: list[Values] = field(default_factory=list)


@dataclass
class World:
    """Three models and their rows. `names` are the relations' names, `targets` what two of them refer to."""

    number: int
    base: Shape
    middle: Shape
    leaf: Shape
    names: dict[str, str]
    targets: dict[str, str]

    @property
    def shapes(self) -> Sequence[Shape]:
        return (self.base, self.middle, self.leaf)


class Drawing(NamedTuple):
    """What models are drawn from. `free` are names that are no relation's."""

    module: ModuleType
    draw: Draw
    free: list[str]
    dialect: str
    kinds: dict[str, tuple[Callable[..., Any], list[Any]]]


def world(number: int, module: ModuleType, dialect: str) -> World:
    """The world of this number: the same each time."""
    draw = random.Random(number)  # noqa: S311  # no secret
    names = dict(
        zip(
            ("base", "other", "parent", "peers", "leaf", "middles", "others", "children", "back_peers"),
            draw.sample(NAMES, 9),
            strict=True,
        )
    )
    found = World(number, Shape(), Shape(), Shape(), names, {})
    free = [name for name in NAMES if name not in names.values()]
    drawing = Drawing(module, draw, free, dialect, _kinds(number, dialect))
    _base(found, drawing)
    _middle(found, drawing)
    _leaf(found, drawing)
    for shape in found.shapes:
        _fill(shape, draw)
    return found


def _kinds(number: int, dialect: str) -> dict[str, tuple[Callable[..., Any], list[Any]]]:
    """Kinds that Postgres writes as JSON, and in every other world one that it does not."""
    known = {**KINDS, **POSTGRES_KINDS} if dialect == "postgres" else KINDS
    slow = [kind for kind in known if kind in SLOW_KINDS]
    extra = {slow[number // 2 % len(slow)]} if number % 2 else set()
    return {kind: made for kind, made in known.items() if kind not in SLOW_KINDS or kind in extra}


def _base(made: World, drawing: Drawing) -> None:
    draw = drawing.draw
    key = draw.choice(list(KEYS))
    members = {
        "key": _key(key, draw, primary_key=True),
        "number": _renamed(fields.IntField, draw, "number", unique=True, null=draw.random() < 0.5),
        "code": _renamed(KINDS["char"][0], draw, "code", unique=True),
    }
    made.base.columns = {
        "key": ("key", [KEYS[key](at) for at in range(ROWS)]),
        "number": ("number", [2, 1, None if members["number"].null else 9, 3, 2**31 - 1]),
        "code": ("code", ["z", "", "é", "A", "*"]),
    }
    _define(made.base, f"Base{made.number}", drawing, members)


def _middle(made: World, drawing: Drawing) -> None:
    draw = drawing.draw
    names, base, own = made.names, f"generated.Base{made.number}", f"generated.Middle{made.number}"
    made.targets = {name: draw.choice(["key", "number", "code"]) for name in ("base", "other")}
    key = draw.choice(list(KEYS))
    members = {
        "key": _key(key, draw, primary_key=True),
        names["base"]: _foreign_key(base, draw, made.targets["base"], related_name=names["middles"], null=True),
        names["other"]: _foreign_key(base, draw, made.targets["other"], related_name=names["others"], null=False),
        names["parent"]: fields.ForeignKeyField(own, related_name=names["children"], null=True, source_field="up"),
        names["peers"]: fields.ManyToManyField(
            base,
            related_name=names["back_peers"],
            through=f"link {made.number}" if draw.random() < 0.5 else f"link_{made.number}",
            forward_key=draw.choice(["base_id", "order", "r"]),
            backward_key=draw.choice(["middle_id", "select", "item"]),
        ),
    }
    made.middle.columns["key"] = ("key", [KEYS[key](at) for at in range(ROWS)])
    _define(made.middle, f"Middle{made.number}", drawing, members)


def _leaf(made: World, drawing: Drawing) -> None:
    """A leaf is keyed by its middle, or has a key and may have no middle."""
    draw = drawing.draw
    keyed = draw.random() < 0.5
    middle = f"generated.Middle{made.number}"
    name = made.names["leaf"]
    make: Any = fields.OneToOneField
    members: Values = {
        "middle": make(
            middle, related_name=name, primary_key=keyed, null=not keyed, source_field=draw.choice([None, "mid"])
        )
    }
    if not keyed:
        members["key"] = _key("int", draw, primary_key=True)
        made.leaf.columns["key"] = ("key", [KEYS["int"](at) for at in range(ROWS)])
    _define(made.leaf, f"Leaf{made.number}", drawing, members)


def _define(shape: Shape, name: str, drawing: Drawing, members: Values) -> None:
    module, draw, free, dialect, kinds = drawing
    taken = {each.source_field for each in members.values() if each.source_field} | members.keys()
    taken |= {f"{each}_id" for each in members}
    columns = [each for each in COLUMNS if each not in taken]
    draw.shuffle(columns)
    drawn: Values = {}
    for each in draw.sample([each for each in free if each not in taken], 5):
        kind = draw.choice(list(kinds))
        make, values = kinds[kind]
        null = draw.random() < 0.5
        column = next(other for other in columns if other != each) if draw.random() < 0.5 else each
        if column in {other.source_field or known for known, other in drawn.items()}:
            continue  # two fields of one column
        drawn[each] = make(null=null, source_field=None if column == each else column)
        shape.columns[each] = (kind, [None, *values] if null else values)
    meta: Values = {"table": draw.choice([f"{name.lower()}s", f"{name} of it"])}
    if dialect == "postgres" and draw.random() < 0.4:
        meta["schema"] = "sales"
    if draw.random() < 0.3:
        meta["ordering"] = ["-key" if "key" in members else "-middle_id"]
    parents: tuple[type, ...] = (Model,)
    if draw.random() < 0.5:  # some columns come from an abstract base
        abstract = type("Abstract", (Model,), {**drawn, "Meta": type("Meta", (), {"abstract": True})})
        parents, drawn = (abstract,), {}
    body = {**members, **drawn, "Meta": type("Meta", (), meta), "__module__": module.__name__}
    shape.model = type(name, parents, body)
    setattr(module, name, shape.model)


def _key(kind: str, draw: Draw, **given: Any) -> Any:
    make = KINDS[kind][0]
    generated = {} if kind in {"char", "uuid"} else {"generated": draw.random() < 0.5}
    return make(**given, **generated, source_field=draw.choice([None, "id", "the key"]))


def _renamed(make: Callable[..., Any], draw: Draw, name: str, **given: Any) -> Any:
    return make(**given, source_field=draw.choice([None, f"{name} of it", f"{name}_2"]))


def _foreign_key(model: str, draw: Draw, target: str, *, null: bool, **given: Any) -> Any:
    to_field = None if target == "key" else target
    source = draw.choice([None, f"to {given['related_name']}"])
    make: Any = fields.ForeignKeyField
    return make(model, to_field=to_field, null=null, source_field=source, db_constraint=draw.random() < 0.5, **given)


def _fill(shape: Shape, draw: Draw) -> None:
    for at in range(ROWS):
        shape.rows.append(
            {
                name: values[at] if kind in {"key", "number", "code"} else draw.choice(values)
                for name, (kind, values) in shape.columns.items()
            }
        )


def connect_rows(made: World) -> list[tuple[Values, Values]]:
    """Draw the foreign keys of the rows, and the pairs of the many-to-many; a key may have no row."""
    draw = random.Random(made.number + 1_000_000)  # noqa: S311
    base, middle, leaf = (shape.rows for shape in made.shapes)
    for relation in ("base", "other"):
        key = f"{made.names[relation]}_id"
        field_of = made.middle.model._meta.fields_map[made.names[relation]]
        known = [row[made.targets[relation]] for row in base if row[made.targets[relation]] is not None]
        dangling = [] if field_of.db_constraint else [_unknown(known)]  # type: ignore[attr-defined]
        choices = [*known, *dangling, *([None] if field_of.null else [])]
        for row in middle:
            row[key] = draw.choice(choices)
    for at, row in enumerate(middle):
        row[f"{made.names['parent']}_id"] = draw.choice([None, *(each["key"] for each in middle[:at])])
    keys = draw.sample([row["key"] for row in middle], ROWS)
    for at, row in enumerate(leaf):
        row["middle_id"] = keys[at] if at < ROWS - 2 or "key" not in row else None
    if "key" not in made.leaf.columns:
        del leaf[ROWS - 2 :]
    return [(row, other) for row in middle for other in base if draw.random() < 0.4]


def _unknown(known: Sequence[Any]) -> Any:
    match known[0]:
        case int():
            return 99
        case UUID():
            return UUID(int=99)
        case _:
            return "unknown"


@asynccontextmanager
async def worlds(url: str, numbers: Sequence[int], dialect: str) -> AsyncGenerator[list[World]]:
    """These worlds with their tables, on an empty database, for the task that enters."""
    EXECUTOR_CACHE.clear()
    module = ModuleType("generated_models")
    sys.modules[module.__name__] = module
    made = [world(number, module, dialect) for number in numbers]
    pool = PoolSettings(pooler=POOLER)
    entry = connection(through_pooler(url) if pool.pooler else url, pool=pool, application_name="generated")
    try:
        async with TortoiseContext() as context:
            await context.init(
                config={
                    "connections": {"generated": entry},
                    "apps": {"generated": {"models": [module.__name__], "default_connection": "generated"}},
                    "use_tz": True,
                    "timezone": "UTC",
                }
            )
            await context.generate_schemas()
            yield made
    finally:
        del sys.modules[module.__name__]
        EXECUTOR_CACHE.clear()


def sortable(made: Shape) -> Iterator[str]:
    """The columns whose order both databases share: see `pagination.order`."""
    unsorted = {"json", "binary", "time", "text", "numbers", "words"}
    yield from (name for name, (kind, _) in made.columns.items() if kind not in unsorted)
