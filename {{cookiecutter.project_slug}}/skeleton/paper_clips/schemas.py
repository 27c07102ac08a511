"""What clients send to and read from paper clips."""

from app.kit.schemas import CreateSchema, PatchSchema, ReadSchema
from skeleton.paper_clips.models import PaperClip


class PaperClipRead(ReadSchema, model=PaperClip):
    """One of the paper clips."""


class PaperClipCreate(CreateSchema, model=PaperClip):
    """A new one of the paper clips."""


class PaperClipPatch(PatchSchema, model=PaperClip):
    """Changes of one of the paper clips."""
