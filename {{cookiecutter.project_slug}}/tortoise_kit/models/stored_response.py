"""The table of stored responses. Commands import it without the web framework, so it is not in `idempotency`."""

from tortoise import fields
from tortoise.models import Model

from tortoise_kit.models.columns import UTCDatetimeField

KEY_LENGTH_MAX = 255


class StoredResponse(Model):
    """The response to a request with an `Idempotency-Key`. Only its own transaction sees a row without a status.

    A subclass adds `caller`, a foreign key to the users who send requests, `unique_together = (("caller", "key"),)`,
    and an index on `expires_at` for `cleanup`.
    """

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=KEY_LENGTH_MAX)
    digest = fields.CharField(max_length=64, description="of the request: SHA-256, in hexadecimal")
    status = fields.SmallIntField(null=True)
    headers = fields.JSONField[dict[str, str] | None](null=True)
    body = fields.TextField(null=True)
    expires_at = UTCDatetimeField(description="when the key can be used for another request")

    class Meta:
        abstract = True
