"""What paper clips refuse, and the edge of what they take."""

from typing import Any

from app.accounts.models import Role
from tests.support.hostile import CANARY, INT64, Hostile
from tortoise_kit.development.features.skeleton.tests.factories import make_paper_clip

URL = "/api/v1/paper-clips"
ONE = f"{URL}/{{paper_clip}}"
NEW = {"name": "Hostile", "description": ""}

QUERIES: list[tuple[str, str, int]] = [
    ("limit 0", "limit=0", 422),
    ("limit above the most", "limit=101", 422),
    ("order by a column that is not offered", "order_by=description", 422),
    ("cursor that is none", f"cursor={CANARY}", 400),
]
PATHS: list[tuple[str, str, int]] = [
    ("id 0", "0", 422),
    ("id beyond 64 bits", str(INT64), 422),
    ("id at the edge of 64 bits", str(INT64 - 1), 404),
    ("id that is no number", CANARY, 422),
]
BODIES: list[tuple[str, dict[str, Any], int]] = [
    ("name with NUL", {"name": f"{CANARY}\0"}, 422),
    ("name with a lone surrogate", {"name": f"{CANARY}\ud800"}, 422),
    ("name that is too long", {"name": "n" * 101}, 422),
    ("name of the most characters", {"name": "n" * 100}, 201),
    ("name that is null", {"name": None}, 422),
    ("name that is taken", {"name": "{paper_clip_name}"}, 409),
    ("description with NUL", {"description": f"{CANARY}\0"}, 422),
    ("description that is a list", {"description": [CANARY]}, 422),
    ("id of the client's choice", {"id": 1}, 422),
    ("member that is unknown", {CANARY: 1}, 422),
]

REQUESTS = [
    *[Hostile(name=f"paper clips: {name}", path=f"{URL}?{query}", status=code) for name, query, code in QUERIES],
    *[
        Hostile(name=f"paper clips: {method} by {name}", method=method, path=f"{URL}/{key}", status=code, role=role)
        for method, role in (("GET", None), ("DELETE", Role.STAFF))
        for name, key, code in PATHS
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
            path=ONE,
            json=change,
            status=200 if code == 201 else code,
            role=Role.STAFF,
        )
        for name, change, code in BODIES
    ],
]


async def make_rows() -> dict[str, Any]:
    """Two of them: one to change, and one whose name is taken."""
    return {"paper_clip": (await make_paper_clip()).id, "paper_clip_name": (await make_paper_clip()).name}
