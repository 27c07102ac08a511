"""Changes of paper clips: one transaction each."""

from tortoise_kit.db import lock_row, transactional
from tortoise_kit.development.features.skeleton.paper_clips import queries
from tortoise_kit.development.features.skeleton.paper_clips.models import PaperClip
from tortoise_kit.development.features.skeleton.paper_clips.schemas import PaperClipCreate, PaperClipPatch
from tortoise_kit.problems import NotFound

MISSING = "Paper clip not found."


@transactional()
async def create_paper_clip(new: PaperClipCreate) -> PaperClip:
    """Create one paper clip."""
    return await PaperClip.create(**new.model_dump())


@transactional()
async def change_paper_clip(paper_clip_id: int, patch: PaperClipPatch) -> PaperClip:
    """Change the fields that `patch` contains.

    Raises:
        NotFound: It does not exist.
    """
    changes = patch.model_dump()
    paper_clip = await lock_row(queries.paper_clip(paper_clip_id), missing=MISSING)
    if changes:
        await paper_clip.update_from_dict(changes).save(update_fields=list(changes))
    return paper_clip


@transactional()
async def delete_paper_clip(paper_clip_id: int) -> None:
    """Delete one paper clip.

    Raises:
        NotFound: It does not exist.
    """
    if not await queries.paper_clip(paper_clip_id).delete():
        raise NotFound(MISSING)
