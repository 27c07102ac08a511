"""The table of keys."""

from typing import TYPE_CHECKING

from tortoise import fields

from tortoise_kit.models import StoredResponse

if TYPE_CHECKING:
    from app.accounts.models import User


class IdempotencyKey(StoredResponse):
    """A stored response to one user's request. It is deleted with the user, because it may contain their data."""

    caller: fields.ForeignKeyRelation["User"] = fields.ForeignKeyField(
        "models.User", related_name="idempotency_keys", on_delete=fields.CASCADE
    )
    caller_id: int

    class Meta:
        table = "idempotency_keys"
        unique_together = (("caller", "key"),)
        indexes = (("expires_at", "id"),)
