"""The table of stored responses. Every command imports it, so it needs no web framework."""

from tortoise import fields
from tortoise.models import Model

from tortoise_kit.models.fields import UTCDatetimeField

KEY_LENGTH_MAX = 255


class StoredResponse(Model):
    """What was answered to a request with a key. A row without a status is seen by its own transaction alone.

    A subclass has `caller`, a foreign key to who sends requests, `unique_together = (("caller", "key"),)`, and an index
    on `expires_at` to clean up by.
    """

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=KEY_LENGTH_MAX)
    digest = fields.CharField(max_length=64, description="of the request: SHA-256, in hexadecimal")
    status = fields.SmallIntField(null=True)
    headers = fields.JSONField[dict[str, str] | None](null=True)
    body = fields.TextField(null=True)
    expires_at = UTCDatetimeField(description="from then on the key is a new one")

    class Meta:
        abstract = True
