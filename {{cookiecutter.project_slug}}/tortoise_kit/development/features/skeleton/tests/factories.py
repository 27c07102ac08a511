"""Paper clips for tests."""

from itertools import count
from typing import Any

from tortoise_kit.development.features.skeleton.paper_clips.models import PaperClip

_numbers = count(1)


async def make_paper_clip(**columns: Any) -> PaperClip:
    return await PaperClip.create(**{"name": f"Paper clip {next(_numbers)}", **columns})
