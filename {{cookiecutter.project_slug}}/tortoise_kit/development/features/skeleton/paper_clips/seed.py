"""Seed data: paper clips with values that look like real ones."""

from tortoise_kit.bulk import copy_many
from tortoise_kit.development.features.skeleton.paper_clips.models import PaperClip
from tortoise_kit.development.seeding import DATA_END, DATA_START, SeedPlan, timestamps, with_progress

PAPER_CLIPS_MIN = 20  # enough for a second page in tests
SIZE_PER_PAPER_CLIP = 5
COLUMNS = ("id", "name", "created_at")


async def seed(plan: SeedPlan) -> None:
    """Create paper clips, one after the other in time."""
    rng = plan.rng(__name__)
    count = max(PAPER_CLIPS_MIN, plan.size // SIZE_PER_PAPER_CLIP)
    times = timestamps(rng, DATA_START, DATA_END, count)
    rows = ((number, f"Name {number}", created_at) for number, created_at in enumerate(times, start=1))
    await copy_many(PaperClip, COLUMNS, with_progress(rows, plan.track("paper clips", count)))
