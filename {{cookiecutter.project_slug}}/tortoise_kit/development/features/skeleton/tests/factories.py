"""Paper clips for tests."""

from itertools import count
from typing import Any

from tortoise_kit.development.features.skeleton.paper_clips import service
from tortoise_kit.development.features.skeleton.paper_clips.models import PaperClip
from tortoise_kit.development.features.skeleton.paper_clips.schemas import PaperClipCreate

_numbers = count(1)


async def paper_clip_body(**given: Any) -> dict[str, Any]:
    """What a client sends to create one paper clip."""
    number = next(_numbers)
    return {"name": f"New name {number}", **given}


async def make_paper_clip(**given: Any) -> PaperClip:
    """One paper clip with these values in its body."""
    return await service.create_paper_clip(PaperClipCreate.model_validate(await paper_clip_body(**given)))
