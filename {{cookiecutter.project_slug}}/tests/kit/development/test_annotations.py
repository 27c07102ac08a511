from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from tortoise_kit.development.testing import wrong_annotations
from tortoise_kit.models.wiring import wire_models


class Colour(StrEnum):
    RED = "red"


class Harbour(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=10, unique=True)
    ships: fields.ManyToManyRelation["Ship"]
    guests: fields.ReverseRelation["Ship"]
    log: fields.OneToOneNullableRelation["Log"]
    gone: fields.ReverseRelation["Ship"]
    note: str  # no field, and no relation


class Ship(Model):
    id = fields.UUIDField(primary_key=True)
    colour = fields.CharEnumField(Colour)
    home: fields.ForeignKeyRelation[Harbour] = fields.ForeignKeyField(  # type: ignore[assignment]  # a slip
        "fleet.Harbour", related_name="ships", null=True
    )
    home_id: int
    guest_of: Any = fields.ForeignKeyField("fleet.Harbour", related_name="guests", to_field="name")


class Log(Model):
    id = fields.IntField(primary_key=True)
    harbour: fields.OneToOneRelation[Harbour] = fields.OneToOneField("fleet.Harbour", related_name="log")
    harbour_id: int
    ship: fields.ForeignKeyRelation[Ship] = fields.ForeignKeyField("fleet.Ship", related_name="logs")


wire_models([__name__], "fleet")


def test_each_wrong_or_missing_annotation_is_reported_with_the_right_one() -> None:
    place = __name__

    assert wrong_annotations([Harbour, Ship, Log]) == [
        f'{place}.Harbour.ships: annotate it with `fields.ReverseRelation["Ship"]`',
        f"{place}.Harbour.gone: Harbour has no such relation; remove the line",
        f'{place}.Ship.home: annotate it with `fields.ForeignKeyNullableRelation["Harbour"]`',
        f'{place}.Ship.guest_of: annotate it with `fields.ForeignKeyRelation["Harbour"]`',
        f'{place}.Ship.logs: add `logs: fields.ReverseRelation["Log"]`',
        f"{place}.Ship.guest_of_id: add `guest_of_id: str`",
        f"{place}.Ship.home_id: annotate it with `int | None`",
        f"{place}.Log.ship_id: add `ship_id: UUID`",
    ]
