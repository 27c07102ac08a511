"""The table of paper clips."""

from tortoise import fields
from tortoise.models import Model

from tortoise_kit.models import UTCDatetimeField


class PaperClip(Model):
    """One paper clip."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=100, unique=True)
    created_at = UTCDatetimeField(auto_now_add=True)

    class Meta:
        table = "paper_clips"
        indexes = (("created_at", "id"), ("name", "id"))
