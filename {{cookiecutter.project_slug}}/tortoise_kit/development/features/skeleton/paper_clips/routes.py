"""The routes of paper clips."""

from typing import Annotated

from fastapi import Depends, Path, Request, Response, status

from app.accounts.policies import SignedIn, Staff
from tortoise_kit.development.features.skeleton.paper_clips import queries, service
from tortoise_kit.development.features.skeleton.paper_clips.models import PaperClip
from tortoise_kit.development.features.skeleton.paper_clips.schemas import (
    PaperClipCreate,
    PaperClipPatch,
    PaperClipRead,
)
from tortoise_kit.http import Router
from tortoise_kit.pagination import PageRequest, created_response, item_response, page_schema, paging
from tortoise_kit.schemas import Id

router = Router(prefix="/paper-clips", tags=["paper_clips"])
PaperClipPage = Annotated[PageRequest, Depends(paging(PaperClip, "-created_at", "name"))]
PaperClipId = Annotated[Id, Path(description="The id of one paper clip.")]


@router.get("", response_model=page_schema(PaperClipRead))
async def list_paper_clips(_: SignedIn, page: PaperClipPage) -> Response:
    """List paper clips."""
    return await page.respond(queries.paper_clips(), PaperClipRead)


@router.post("", status_code=status.HTTP_201_CREATED, response_model=PaperClipRead)
async def create_paper_clip(_: Staff, new: PaperClipCreate, request: Request) -> Response:
    """Create one paper clip."""
    paper_clip = await service.create_paper_clip(new)
    return created_response(request, paper_clip, PaperClipRead, "read_paper_clip", paper_clip_id=paper_clip.id)


@router.get("/{paper_clip_id}", response_model=PaperClipRead)
async def read_paper_clip(_: SignedIn, paper_clip_id: PaperClipId) -> Response:
    """Read one paper clip."""
    return await item_response(queries.paper_clip(paper_clip_id), PaperClipRead, missing=service.MISSING)


@router.patch("/{paper_clip_id}")
async def change_paper_clip(_: Staff, paper_clip_id: PaperClipId, patch: PaperClipPatch) -> PaperClipRead:
    """Change the fields of one paper clip that the body contains."""
    return PaperClipRead.model_validate(await service.change_paper_clip(paper_clip_id, patch))


@router.delete("/{paper_clip_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_paper_clip(_: Staff, paper_clip_id: PaperClipId) -> None:
    """Delete one paper clip."""
    await service.delete_paper_clip(paper_clip_id)
