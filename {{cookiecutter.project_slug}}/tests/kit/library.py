"""Models for tests of the kit, which are no feature's, so that any feature can be deleted: a small library."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from enum import IntEnum, StrEnum
from typing import Any

from tortoise import fields
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.context import TortoiseContext
from tortoise.models import Model

from tortoise_kit.db.config import PoolSettings, connection
from tortoise_kit.development.testing import POOLER, through_pooler
from tortoise_kit.models.stored_response import StoredResponse
from tortoise_kit.models.wiring import prepare_models


class Shelf(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Kind(IntEnum):
    SHORT = 1
    LONG = 2


class Author(Model):
    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=50, unique=True)
    born_at = fields.DatetimeField(null=True)
    notes = fields.JSONField[dict[str, Any]](default=dict)
    shelf = fields.CharEnumField(Shelf, max_length=10, default=Shelf.OPEN)
    fee = fields.DecimalField(max_digits=8, decimal_places=2, default=0)
    added_at = fields.DatetimeField(auto_now_add=True)
    books: fields.ReverseRelation["Book"]

    class Meta:
        table = "kit_authors"


class Label(Model):
    code = fields.UUIDField(primary_key=True)
    text = fields.CharField(max_length=50, db_default="unnamed")

    class Meta:
        table = "kit_labels"


class Book(Model):
    id = fields.IntField(primary_key=True)
    author: fields.ForeignKeyNullableRelation[Author] = fields.ForeignKeyField(
        "library.Author", related_name="books", null=True
    )
    author_id: int | None
    title = fields.CharField(max_length=50)
    copies = fields.IntField(db_default=1)
    labels: fields.ManyToManyRelation[Label] = fields.ManyToManyField(
        "library.Label", related_name="books", through="kit_book_labels"
    )

    class Meta:
        table = "kit_books"


class Loan(Model):
    """A column of each type, and a unique constraint over two of them."""

    id = fields.BigIntField(primary_key=True)
    shelf = fields.CharEnumField(Shelf, max_length=10)
    number = fields.IntField()
    huge = fields.BigIntField(null=True)
    small = fields.SmallIntField(null=True)
    kind = fields.IntEnumField(Kind, null=True)
    title = fields.CharField(max_length=20, null=True)
    text = fields.TextField(null=True)
    open = fields.BooleanField(null=True)
    fee = fields.DecimalField(max_digits=12, decimal_places=3, null=True)
    weight = fields.FloatField(null=True)
    at = fields.DatetimeField(null=True)
    on = fields.DateField(null=True)
    takes = fields.TimeDeltaField(null=True)
    notes = fields.JSONField[Any](null=True)
    code = fields.UUIDField(null=True)
    scan = fields.BinaryField(null=True)
    author: fields.ForeignKeyNullableRelation[Author] = fields.ForeignKeyField(
        "library.Author", related_name="loans", null=True
    )
    author_id: int | None
    copies = fields.IntField(db_default=1)
    added_at = fields.DatetimeField(auto_now_add=True)
    changed_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "kit_loans"
        unique_together = (("shelf", "number"),)


class Ticket(Model):
    """Only a generated key."""

    id = fields.IntField(primary_key=True)

    class Meta:
        table = "kit_tickets"


class LoanKey(StoredResponse):
    caller: fields.ForeignKeyRelation[Author] = fields.ForeignKeyField("library.Author", related_name="loan_keys")
    caller_id: int

    class Meta:
        table = "kit_loan_keys"
        unique_together = (("caller", "key"),)


@asynccontextmanager
async def library(
    url: str, *, engine: str | None = None, name: str = "library", more: tuple[str, ...] = (), **limits: Any
) -> AsyncGenerator[str]:
    """Create the library's tables on an empty database, for the task that enters. Yields the connection's name.

    `more` are modules with more models. `engine` is another engine than the kit's, without limits; `limits` are those
    of `PoolSettings`. A test of sessions passes `pooler=None`: through PgBouncer it would share its session.
    """
    EXECUTOR_CACHE.clear()  # Tortoise keeps the text of its inserts by connection name, whatever the database
    pool = PoolSettings(**{"pooler": POOLER, **limits})
    entry = connection(through_pooler(url) if pool.pooler else url, pool=pool, application_name="library")
    if engine is not None:
        own = ("acquire_timeout", "command_timeout", "reset")
        credentials = {key: value for key, value in entry["credentials"].items() if key not in own}
        entry = {"engine": engine, "credentials": credentials}
    async with TortoiseContext() as context:
        await context.init(
            config={
                "connections": {name: entry},
                "apps": {"library": {"models": [__name__, *more], "default_connection": name}},
                "use_tz": True,
                "timezone": "UTC",
            }
        )
        if engine is None:
            prepare_models(model for models in (context.apps or {}).values() for model in models.values())
        await context.generate_schemas()
        yield name
    EXECUTOR_CACHE.clear()
