"""Who may do what with paper clips."""

from app.accounts.models import User
from tests.support.roles import EVERYBODY_READS, STAFF_CREATE, STAFF_READ, Given, Rule
from tortoise_kit.development.features.skeleton.tests.factories import make_paper_clip

URL = "/api/v1/paper-clips"
ONE = f"{URL}/{{paper_clip_id}}"


async def new(_caller: User | None) -> Given:
    return Given(json={"name": "New"})


async def one(_caller: User | None) -> Given:
    return Given(path={"paper_clip_id": (await make_paper_clip()).id})


async def patch(caller: User | None) -> Given:
    return Given((await one(caller)).path, json={"name": "Changed"})


RULES = [
    Rule("GET", URL, EVERYBODY_READS),
    Rule("POST", URL, STAFF_CREATE, new),
    Rule("GET", ONE, EVERYBODY_READS, one),
    Rule("PATCH", ONE, STAFF_READ, patch),
    Rule("DELETE", ONE, (401, 403, 204, 204), one),
]
