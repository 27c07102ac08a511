"""Paper clips: who may call which route, how many queries it sends, what it rejects, and what its list reads."""

from datetime import timedelta
from typing import Any

from app.accounts.models import Role, User
from tests.contract.cases import (
    API,
    EVERYBODY,
    INT64,
    STAFF,
    STAFF_CREATES,
    Access,
    Budget,
    Call,
    Hostile,
    Paged,
)
from tortoise_kit.development.features.skeleton.paper_clips.models import PaperClip
from tortoise_kit.development.features.skeleton.tests.factories import make_paper_clip
from tortoise_kit.development.seeding import DATA_START
from tortoise_kit.development.testing import CANARY, ROWS

URL = f"{API}/paper-clips"
ONE = f"{URL}/{{paper_clip_id}}"


async def new(_: User | None) -> Call:
    return Call(json={"name": "New"})


async def one(_: User | None) -> Call:
    return Call({"paper_clip_id": (await make_paper_clip()).id})


async def change(_: User | None) -> Call:
    return Call({"paper_clip_id": (await make_paper_clip()).id}, json={"name": "Changed"})


ACCESS = [
    Access(f"GET {URL}", EVERYBODY),
    Access(f"POST {URL}", STAFF_CREATES, new),
    Access(f"GET {ONE}", EVERYBODY, one),
    Access(f"PATCH {ONE}", STAFF, change),
    Access(f"DELETE {ONE}", (401, 403, 204, 204), one),
]


async def last_of(rows: int) -> dict[str, Any]:
    """Create rows; returns the key of the last one."""
    return {"paper_clip_id": [(await make_paper_clip()).id for _ in range(rows)][-1]}


async def list_paper_clips(rows: int) -> Call:
    return Call(await last_of(rows))


async def create_paper_clip(rows: int) -> Call:
    return Call(await last_of(rows), json={"name": "New"})


async def change_paper_clip(rows: int) -> Call:
    return Call(await last_of(rows), json={"name": "Changed"})


async def read_paper_clip(rows: int) -> Call:
    return Call(await last_of(rows))


BUDGETS = [
    Budget(f"GET {URL}", 1, list_paper_clips),
    Budget(f"POST {URL}", 2, create_paper_clip),
    Budget(f"GET {ONE}", 1, read_paper_clip),
    Budget(f"PATCH {ONE}", 3, change_paper_clip),
    Budget(f"DELETE {ONE}", 2, read_paper_clip),
]

QUERIES: list[tuple[str, str, int]] = [
    ("limit 0", "limit=0", 422),
    ("limit above the maximum", "limit=101", 422),
    ("order by a column that is not offered", "order_by=description", 422),
    ("invalid cursor", f"cursor={CANARY}", 400),
]
KEYS: list[tuple[str, str, int]] = [
    ("id 0", "0", 422),
    ("id beyond 64 bits", str(INT64), 422),
    ("id at the edge of 64 bits", str(INT64 - 1), 404),
    ("id that is not a number", CANARY, 422),
]
BODIES: list[tuple[str, dict[str, Any], int]] = [
    ("name with NUL", {"name": f"{CANARY}\0"}, 422),
    ("name with a lone surrogate", {"name": f"{CANARY}\ud800"}, 422),
    ("name that is too long", {"name": "n" * 101}, 422),
    ("name of the maximum length", {"name": "n" * 100}, 201),
    ("name that is null", {"name": None}, 422),
    ("name that is taken", {"name": "{paper_clip_name}"}, 409),
    ("description with NUL", {"description": f"{CANARY}\0"}, 422),
    ("description that is a list", {"description": [CANARY]}, 422),
    ("id of the client's choice", {"id": 1}, 422),
    ("unknown member", {CANARY: 1}, 422),
]
NEW = {"name": "Hostile", "description": ""}

HOSTILE = [
    *[Hostile(name=f"paper clips: {name}", path=f"{URL}?{query}", status=code) for name, query, code in QUERIES],
    *[
        Hostile(name=f"paper clips: {method} by {name}", method=method, path=f"{URL}/{key}", status=code, role=role)
        for method, role in (("GET", None), ("DELETE", Role.STAFF))
        for name, key, code in KEYS
    ],
    *[
        Hostile(
            name=f"paper clips: new with {name}",
            method="POST",
            path=URL,
            json={**NEW, **change},
            status=code,
            role=Role.STAFF,
        )
        for name, change, code in BODIES
    ],
    *[
        Hostile(
            name=f"paper clips: patch with {name}",
            method="PATCH",
            path=f"{URL}/{{paper_clip}}",
            json=change,
            status=200 if code == 201 else code,
            role=Role.STAFF,
        )
        for name, change, code in BODIES
    ],
]


async def make_rows() -> dict[str, Any]:
    """Two paper clips: one to change, and one whose name is taken."""
    return {"paper_clip": (await make_paper_clip()).id, "paper_clip_name": (await make_paper_clip()).name}


async def make_many() -> None:
    """Many paper clips, with ties and out of order."""
    moments = [DATA_START + timedelta(minutes=(n * 7_919) % ROWS // 3) for n in range(ROWS)]
    names = [f"name {(n * 104_729) % ROWS}" for n in range(ROWS)]
    text = "x" * 200  # else the planner reads the whole table as cheaply as a few of its rows
    await PaperClip.bulk_create(
        [PaperClip(name=names[n], description=text, created_at=moments[n]) for n in range(ROWS)]
    )


LISTS = [Paged(URL, "paper_clips", make_many)]
