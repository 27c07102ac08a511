"""A small library, as it was before `sample_models_v2`."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class Author(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=50, unique=True)
    born = fields.IntField(null=True)
    about = fields.TextField(null=True)
    books: fields.ReverseRelation["Book"]

    class Meta:
        table = "authors"


class Book(Model):
    id = fields.IntField(primary_key=True)
    author: fields.ForeignKeyRelation[Author] = fields.ForeignKeyField("models.Author", related_name="books")
    title = fields.CharField(max_length=50)
    shelf = fields.CharField(max_length=10, db_index=True)
    pages = fields.IntField()
    price = fields.DecimalField(max_digits=8, decimal_places=2, default=1)
    notes = fields.JSONField[dict[str, Any]](default=dict)

    class Meta:
        table = "books"
        unique_together = (("author", "title"),)
        indexes = (("pages", "id"),)


class Loan(Model):
    id = fields.IntField(primary_key=True)
    book: fields.ForeignKeyRelation[Book] = fields.ForeignKeyField("models.Book", on_delete=fields.CASCADE)
    reader = fields.CharField(max_length=50)

    class Meta:
        table = "loans"


class Leaflet(Model):
    """A few pages that nobody lends."""

    id = fields.IntField(primary_key=True)
    author: fields.ForeignKeyRelation[Author] = fields.ForeignKeyField("models.Author", related_name="leaflets")
    title = fields.CharField(max_length=50, unique=True)
    shelf = fields.CharField(max_length=10, db_index=True)

    class Meta:
        table = "leaflets"
