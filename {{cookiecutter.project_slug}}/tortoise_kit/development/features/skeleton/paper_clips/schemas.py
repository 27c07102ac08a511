"""What clients send and receive."""

from datetime import datetime

from pydantic import MISSING

from tortoise_kit.development.features.skeleton.paper_clips.models import PaperClip
from tortoise_kit.schemas import CreateSchema, PatchSchema, ReadSchema, column


class PaperClipRead(ReadSchema, model=PaperClip):
    """One paper clip."""

    id: int = column()
    name: str = column()
    created_at: datetime = column()


class PaperClipCreate(CreateSchema, model=PaperClip):
    """The fields of one new paper clip."""

    name: str = column()


class PaperClipPatch(PatchSchema, model=PaperClip):
    """The fields to change; all are optional."""

    name: str | MISSING = column(default=MISSING)
