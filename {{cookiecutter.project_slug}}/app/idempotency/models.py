"""The table of keys."""

from typing import TYPE_CHECKING

from tortoise import fields

from tortoise_kit.models import StoredResponse

if TYPE_CHECKING:
    from app.accounts.models import User


class IdempotencyKey(StoredResponse):
    """What one user's request was answered; it goes with the user, since it may hold what is theirs."""

    caller: fields.ForeignKeyRelation["User"] = fields.ForeignKeyField(
        "models.User", related_name="idempotency_keys", on_delete=fields.CASCADE
    )
    caller_id: int

    class Meta:
        table = "idempotency_keys"
        unique_together = (("caller", "key"),)
        indexes = (("expires_at", "id"),)
