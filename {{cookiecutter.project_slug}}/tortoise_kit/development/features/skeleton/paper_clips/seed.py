"""Seed data: numbered paper clips."""

from collections.abc import Iterator
from datetime import datetime

from tortoise_kit.bulk import copy_many
from tortoise_kit.development.features.skeleton.paper_clips.models import PaperClip
from tortoise_kit.development.seeding import DATA_END, DATA_START, SeedPlan, timestamps, with_progress

PAPER_CLIPS_MIN = 20  # enough for a second page in tests
SIZE_PER_PAPER_CLIP = 5
COLUMNS = ("id", "name", "description", "created_at")


async def seed(plan: SeedPlan) -> None:
    """Create paper clips, one after the other in time."""
    count = max(PAPER_CLIPS_MIN, plan.size // SIZE_PER_PAPER_CLIP)
    times = timestamps(plan.rng(__name__), DATA_START, DATA_END, count)
    await copy_many(PaperClip, COLUMNS, with_progress(_rows(times), plan.track("paper clips", count)))


def _rows(times: Iterator[datetime]) -> Iterator[tuple[int, str, str, datetime]]:
    for number, created_at in enumerate(times, start=1):
        yield number, f"Paper clip {number}", "From the seed.", created_at
