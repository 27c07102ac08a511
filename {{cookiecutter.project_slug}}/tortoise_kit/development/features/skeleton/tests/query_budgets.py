"""How many queries the routes of paper clips send."""

from tests.support.budgets import API, Budget, Call
from tortoise_kit.development.features.skeleton.paper_clips.models import PaperClip
from tortoise_kit.development.features.skeleton.tests.factories import make_paper_clip

URL = "/paper-clips"


async def last_of(rows: int) -> PaperClip:
    """The last one of so many."""
    for _ in range(rows - 1):
        await make_paper_clip()
    return await make_paper_clip()


async def list_paper_clips(rows: int) -> Call:
    await last_of(rows)
    return Call(URL)


async def create_paper_clip(rows: int) -> Call:
    await last_of(rows)
    return Call(URL, {"name": "New"})


async def read_paper_clip(rows: int) -> Call:
    return Call(f"{URL}/{(await last_of(rows)).id}")


async def change_paper_clip(rows: int) -> Call:
    return Call(f"{URL}/{(await last_of(rows)).id}", {"name": "Changed"})


async def delete_paper_clip(rows: int) -> Call:
    return Call(f"{URL}/{(await last_of(rows)).id}")


BUDGETS = (
    Budget(f"GET {API}{URL}", 1, list_paper_clips),
    Budget(f"POST {API}{URL}", 2, create_paper_clip),
    Budget(f"GET {API}{URL}/{{paper_clip_id}}", 1, read_paper_clip),
    Budget(f"PATCH {API}{URL}/{{paper_clip_id}}", 3, change_paper_clip),
    Budget(f"DELETE {API}{URL}/{{paper_clip_id}}", 2, delete_paper_clip),
)
