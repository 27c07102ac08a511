"""A table of keyed answers beside the library, whose callers are its authors."""

from tortoise import fields

from app.kit.keyed_answers import KeyedAnswer
from tests.kit.library import Author


class LoanKey(KeyedAnswer):
    caller: fields.ForeignKeyRelation[Author] = fields.ForeignKeyField("library.Author", related_name="loan_keys")
    caller_id: int

    class Meta:
        table = "kit_loan_keys"
        unique_together = (("caller", "key"),)
