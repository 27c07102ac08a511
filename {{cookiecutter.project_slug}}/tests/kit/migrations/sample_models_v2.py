"""The library of `sample_models_v1` after every kind of change at once."""

from typing import Any

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.models import Model


class Author(Model):
    """Who wrote; the first line became a comment of the table."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=80)
    born = fields.IntField(default=1900, description="a year")
    biography = fields.TextField(null=True)
    active = fields.BooleanField(default=True)
    books: fields.ReverseRelation["Book"]

    class Meta:
        table = "authors"


class Genre(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=50, unique=True)

    class Meta:
        table = "genres"


class Book(Model):
    id = fields.IntField(primary_key=True)
    author: fields.ForeignKeyRelation[Author] = fields.ForeignKeyField(
        "models.Author", related_name="books", on_delete=fields.RESTRICT
    )
    editor: fields.ForeignKeyNullableRelation[Author] = fields.ForeignKeyField(
        "models.Author", related_name="edited", null=True, on_delete=fields.SET_NULL
    )
    genres: fields.ManyToManyRelation[Genre] = fields.ManyToManyField(
        "models.Genre", related_name="books", through="book_genres"
    )
    title = fields.CharField(max_length=50, db_index=True)
    shelf = fields.CharField(max_length=10)
    pages = fields.BigIntField(null=True)
    isbn = fields.CharField(max_length=13, null=True, unique=True)
    blurb = fields.TextField(default='it\'s "new"')
    notes = fields.JSONField[dict[str, Any]](default=dict)
    tags = fields.JSONField[list[str]](default=list)
    bought_at = fields.DatetimeField(auto_now_add=True)
    copies = fields.IntField(db_default=1)
    seen_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "books"
        unique_together = (("author", "shelf", "title"),)
        indexes = (("title", "id"),)


class Loan(Model):
    id = fields.IntField(primary_key=True)
    book: fields.ForeignKeyRelation[Book] = fields.ForeignKeyField("models.Book", on_delete=fields.CASCADE)
    reader = fields.CharField(max_length=50, unique=True)

    class Meta:
        table = "loans"
