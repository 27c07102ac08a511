"""What changes paper clips: one transaction each."""

from app.kit.locks import lock_row
from app.kit.problems import NotFound
from app.kit.transactions import transactional
from skeleton.paper_clips import queries
from skeleton.paper_clips.models import PaperClip
from skeleton.paper_clips.schemas import PaperClipCreate, PaperClipPatch

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
