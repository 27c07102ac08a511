"""The abstract model of counted attempts, for `AttemptLimiter` of `tortoise_kit.security`."""

from tortoise import fields
from tortoise.models import Model

DIGEST_LENGTH = 64


class AttemptCount(Model):
    """How often something was attempted. All times are seconds since 1970: no arithmetic depends on the database.

    A subclass adds an index on `expires_at`, for `cleanup`.
    """

    key = fields.CharField(max_length=DIGEST_LENGTH, primary_key=True, description="HMAC-SHA-256 of who attempts what")
    attempts = fields.IntField(description="since the window began")
    resets_at = fields.FloatField(description="when the window ends")
    known_until = fields.FloatField(description="until when an earlier success counts; 0 without one")
    expires_at = fields.FloatField(description="when the row can be deleted")

    class Meta:
        abstract = True
