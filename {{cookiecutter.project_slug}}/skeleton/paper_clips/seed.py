"""Seed data: paper clips, by their numbers."""

from collections.abc import Iterator
from datetime import datetime

from app.kit.loads import copy_many
from app.kit.seeding import CLOSING, OPENING, SeedPlan, instants, tracked
from skeleton.paper_clips.models import PaperClip

PAPER_CLIPS_MIN = 20  # a second page in a test of pages
SIZE_PER_PAPER_CLIP = 5
COLUMNS = ("id", "name", "description", "created_at")


async def seed(plan: SeedPlan) -> None:
    """Paper clips that came one after the other."""
    count = max(PAPER_CLIPS_MIN, plan.size // SIZE_PER_PAPER_CLIP)
    moments = instants(plan.dice(__name__), OPENING, CLOSING, count)
    await copy_many(PaperClip, COLUMNS, tracked(_rows(moments), plan.track("paper clips", count)))


def _rows(moments: Iterator[datetime]) -> Iterator[tuple[int, str, str, datetime]]:
    for number, created_at in enumerate(moments, start=1):
        yield number, f"Paper clip {number}", "From the seed.", created_at
