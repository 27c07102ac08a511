"""What clients send and receive."""

from tortoise_kit.development.features.skeleton.paper_clips.models import PaperClip
from tortoise_kit.schemas import CreateSchema, PatchSchema, ReadSchema


class PaperClipRead(ReadSchema, model=PaperClip):
    """One paper clip."""


class PaperClipCreate(CreateSchema, model=PaperClip):
    """The fields of one new paper clip."""


class PaperClipPatch(PatchSchema, model=PaperClip):
    """The fields to change; all are optional."""
