"""Reads of paper clips."""

from tortoise.queryset import QuerySet

from tortoise_kit.development.features.skeleton.paper_clips.models import PaperClip


def paper_clips() -> QuerySet[PaperClip]:
    """All paper clips."""
    return PaperClip.all()


def paper_clip(paper_clip_id: int) -> QuerySet[PaperClip]:
    """The paper clip with this id, if it exists."""
    return PaperClip.filter(id=paper_clip_id)
