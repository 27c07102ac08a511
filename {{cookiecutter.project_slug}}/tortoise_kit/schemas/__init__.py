"""Pydantic schemas from Tortoise models, and types of values that both databases can store.

class ProductRead(ReadSchema, model=Product)          every column, for responses
class ProductCreate(CreateSchema, model=Product)      what a client sends to create; unknown members are rejected
class ProductPatch(PatchSchema, model=Product)        the same to change; absent members are left out of `model_dump()`
column()                                              declares a column in such a class, for type checkers and editors
check_columns(modules)                                at start-up: rejects declarations that differ from the model
plucked("name")                                       one column of related rows: `Annotated[list[str], plucked(…)]`

column_type(Product, "price")                         what a column takes, for a filter or a member of another schema

Text, Secret, Id, Instant, JSONObject: text without U+0000 and lone surrogates, passwords, 64-bit keys from 1, times in
UTC, JSON up to 32 levels deep. Columns have these types too, and the validators of their fields are limits of what a
client sends. A class raises ConfigurationError if `exclude` names a field that the model lacks, if a column has a name
that no member can have, or if a relation has no column yet.
"""

from tortoise_kit.schemas.columns import column_type
from tortoise_kit.schemas.comparison import check_columns
from tortoise_kit.schemas.declarations import column
from tortoise_kit.schemas.models import CreateSchema, PatchSchema, ReadSchema, plucked
from tortoise_kit.schemas.types import Id, Instant, JSONObject, Secret, Text

__all__ = [
    "CreateSchema",
    "Id",
    "Instant",
    "JSONObject",
    "PatchSchema",
    "ReadSchema",
    "Secret",
    "Text",
    "check_columns",
    "column",
    "column_type",
    "plucked",
]
