"""The table that the recipes of `docs/migrations.md` change."""

from tortoise import fields
from tortoise.models import Model


class Book(Model):
    id = fields.IntField(primary_key=True)
    title = fields.CharField(max_length=100)
    pages = fields.IntField(null=True)
    price = fields.IntField()

    class Meta:
        table = "books"
