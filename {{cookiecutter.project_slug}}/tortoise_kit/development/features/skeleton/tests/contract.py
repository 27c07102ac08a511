"""Paper clips: who may call which route, how many queries it sends, what it rejects, and what its list reads."""

from typing import Any

from app.accounts.models import Role, User
from tests.contract.cases import API, INT64, SIGNED_IN, STAFF, STAFF_CREATES, Access, Budget, Call, Hostile, Paged
from tortoise_kit.development.features.skeleton.paper_clips.seed import SIZE_PER_PAPER_CLIP, seed
from tortoise_kit.development.features.skeleton.tests.factories import make_paper_clip, paper_clip_body
from tortoise_kit.development.seeding import SeedPlan
from tortoise_kit.development.testing import CANARY, ROWS

URL = f"{API}/paper-clips"
ONE = f"{URL}/{{paper_clip_id}}"
CHANGE: dict[str, Any] = {"name": "Changed"}


async def new(_: User | None) -> Call:
    return Call(json=await paper_clip_body())


async def one(_: User | None) -> Call:
    return Call({"paper_clip_id": (await make_paper_clip()).id}, json=CHANGE)


ACCESS = [
    Access(f"GET {URL}", SIGNED_IN),
    Access(f"POST {URL}", STAFF_CREATES, new),
    Access(f"GET {ONE}", SIGNED_IN, one),
    Access(f"PATCH {ONE}", STAFF, one),
    Access(f"DELETE {ONE}", (401, 403, 204, 204), one),
]


async def create(rows: int) -> Call:
    await last_of(rows)
    return Call(json=await paper_clip_body())


async def last_of(rows: int) -> Call:
    """Create rows; the call is about the last one."""
    return Call({"paper_clip_id": [(await make_paper_clip()).id for _ in range(rows)][-1]}, json=CHANGE)


BUDGETS = [
    Budget(f"GET {URL}", 2, last_of),
    Budget(f"POST {URL}", 2, create),
    Budget(f"GET {ONE}", 2, last_of),
    Budget(f"PATCH {ONE}", 3, last_of),
    Budget(f"DELETE {ONE}", 2, last_of),
]

QUERIES: list[tuple[str, str, int]] = [
    ("limit 0", "limit=0", 422),
    ("limit above the maximum", "limit=101", 422),
    ("order by a column that is not offered", f"order_by={CANARY}", 422),
    ("invalid cursor", f"cursor={CANARY}", 400),
]
KEYS: list[tuple[str, str, int]] = [
    ("id 0", "0", 422),
    ("id beyond 64 bits", str(INT64), 422),
    ("id at the edge of 64 bits", str(INT64 - 1), 404),
    ("id that is not a number", CANARY, 422),
]
BODIES: list[tuple[str, dict[str, Any], int]] = [
    ("id of the client's choice", {"id": 1}, 422),
    ("unknown member", {CANARY: 1}, 422),
]

HOSTILE = [
    *[
        Hostile(name=f"paper clips: {name}", path=f"{URL}?{query}", status=code, role=Role.STAFF)
        for name, query, code in QUERIES
    ],
    *[
        Hostile(
            name=f"paper clips: {method} by {name}", method=method, path=f"{URL}/{key}", status=code, role=Role.STAFF
        )
        for method in ("GET", "DELETE")
        for name, key, code in KEYS
    ],
    *[
        Hostile(
            name=f"paper clips: patch with {name}",
            method="PATCH",
            path=f"{URL}/{{paper_clip}}",
            json=change,
            status=code,
            role=Role.STAFF,
        )
        for name, change, code in BODIES
    ],
]


async def make_rows() -> dict[str, Any]:
    """One paper clip to change."""
    return {"paper_clip": (await make_paper_clip()).id}


async def make_many() -> None:
    """Many paper clips, with ties and out of order."""
    await seed(SeedPlan(size=ROWS * SIZE_PER_PAPER_CLIP))


LISTS = [Paged(URL, "paper_clips", make_many)]
