"""A model that only Postgres has a table for."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model


class ShelfPlan(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=20, unique=True)
    widths = ArrayField("INT")

    class Meta:
        table = "kit_shelf_plans"
