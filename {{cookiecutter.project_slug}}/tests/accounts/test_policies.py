from typing import Any, get_args

import pytest
from fastapi import APIRouter, FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.accounts.install import install
from app.accounts.models import Role
from app.accounts.policies import Admin, Public, SignedIn, Staff
from app.main import create_app
from app.settings import Settings
from tests.accounts.factories import make_user
from tests.contract.cases import CALLERS
from tests.support.clients import bearer
from tortoise_kit.http import check_routes, install_problems

STATUSES = {
    Public: (200, 200, 200, 200),
    SignedIn: (401, 200, 200, 200),
    Staff: (401, 403, 200, 200),
    Admin: (401, 403, 403, 200),
}


def application(*policies: Any) -> FastAPI:
    made = FastAPI()
    install(made, Settings(environment="test"))
    install_problems(made)

    async def answer() -> None: ...

    for number, each in enumerate(policies):
        made.get(f"/{number}", dependencies=[get_args(each)[1]])(answer)
    return made


async def test_each_policy_admits_its_role_and_those_above(db: None) -> None:
    made = application(*STATUSES)
    users = [await make_user(role=role) if role else None for role in CALLERS]

    async with AsyncClient(transport=ASGITransport(made), base_url="http://test") as client:
        found = [
            tuple([(await client.get(f"/{n}", headers=bearer(made, u) if u else {})).status_code for u in users])
            for n in range(len(STATUSES))
        ]

    assert found == list(STATUSES.values())


def test_every_policy_passes_the_check_of_routes() -> None:
    check_routes(application(*STATUSES))


def test_an_app_with_a_route_without_a_policy_is_not_created(monkeypatch: pytest.MonkeyPatch) -> None:
    router = APIRouter(prefix="/reports")

    @router.get("/visits")
    async def visits() -> None: ...

    monkeypatch.setattr("app.operations.health", router)

    with pytest.raises(Exception, match="/reports/visits does not say who may call it"):
        create_app(Settings(environment="test"))


def test_a_role_includes_the_roles_below_it() -> None:
    table = [[role.includes(other) for other in Role] for role in Role]

    assert table == [[True, False, False], [True, True, False], [True, True, True]]
