"""A table of keyed answers beside the library, whose callers are its authors."""

from tortoise import fields

from tests.kit.library import Author
from tortoise_kit.models.stored_response import StoredResponse


class LoanKey(StoredResponse):
    caller: fields.ForeignKeyRelation[Author] = fields.ForeignKeyField("library.Author", related_name="loan_keys")
    caller_id: int

    class Meta:
        table = "kit_loan_keys"
        unique_together = (("caller", "key"),)
