"""What clients send to and read from paper clips."""

from tortoise_kit.development.features.skeleton.paper_clips.models import PaperClip
from tortoise_kit.schemas import CreateSchema, PatchSchema, ReadSchema


class PaperClipRead(ReadSchema, model=PaperClip):
    """One of the paper clips."""


class PaperClipCreate(CreateSchema, model=PaperClip):
    """A new one of the paper clips."""


class PaperClipPatch(PatchSchema, model=PaperClip):
    """Changes of one of the paper clips."""
