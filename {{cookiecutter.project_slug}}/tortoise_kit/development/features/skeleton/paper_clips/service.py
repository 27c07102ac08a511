"""What changes paper clips: one transaction each."""

from tortoise_kit.db import lock_row, transactional
from tortoise_kit.development.features.skeleton.paper_clips import queries
from tortoise_kit.development.features.skeleton.paper_clips.models import PaperClip
from tortoise_kit.development.features.skeleton.paper_clips.schemas import PaperClipCreate, PaperClipPatch
from tortoise_kit.problems import NotFound

MISSING = "There is no such paper clip."


@transactional()
async def create_paper_clip(new: PaperClipCreate) -> PaperClip:
    """Add one of the paper clips; its name must be new."""
    return await PaperClip.create(**new.model_dump())


@transactional()
async def change_paper_clip(paper_clip_id: int, patch: PaperClipPatch) -> PaperClip:
    """Change what `patch` holds, and nothing else.

    Raises:
        NotFound: There is no such one.
    """
    changes = patch.model_dump()
    paper_clip = await lock_row(queries.paper_clip(paper_clip_id))
    if paper_clip is None:
        raise NotFound(MISSING)
    if changes:
        await paper_clip.update_from_dict(changes).save(update_fields=list(changes))
    return paper_clip


@transactional()
async def delete_paper_clip(paper_clip_id: int) -> None:
    """Remove one of the paper clips.

    Raises:
        NotFound: There is no such one.
    """
    if not await queries.paper_clip(paper_clip_id).delete():
        raise NotFound(MISSING)
