import ast
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Query
from httpx2 import ASGITransport, AsyncClient
from pydantic import create_model
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.exceptions import ConfigurationError

import app
from tests.kit.library import Author, library
from tests.kit.pagination.test_relations import Endless
from tortoise_kit.db.errors import ConnectionLost
from tortoise_kit.http.route_checks import (
    LateCommitError,
    OpenRouteError,
    RepeatedNameError,
    RepeatedParameterError,
    check_routes,
    forbid_late_commits,
    forbid_repeated_names,
    forbid_repeated_parameters,
    require_policies,
)
from tortoise_kit.http.routes import RequestTransaction, operation_id, policy, request_transaction
from tortoise_kit.pagination.routes import PageRequest, page_schema, paging

SOURCES = sorted(Path(str(app.__file__)).parent.rglob("*.py"))
OPENS = {"transaction", "in_transaction"}


def application(dependency: Any) -> FastAPI:
    router = APIRouter(prefix="/shelves")

    @router.post("/authors")
    async def add(_opened: dependency) -> str:
        await Author.create(name="Ann")
        return "stored"

    made = FastAPI()
    made.include_router(router, prefix="/api")
    return made


def test_a_route_that_would_commit_after_its_response_is_rejected_at_start() -> None:
    async def deeper(opened: Annotated[TransactionalDBClient, Depends(request_transaction)]) -> object:
        return opened

    for late in (
        Annotated[TransactionalDBClient, Depends(request_transaction)],
        Annotated[object, Depends(deeper)],
    ):
        with pytest.raises(LateCommitError, match="RequestTransaction"):
            forbid_late_commits(application(late))


def test_two_routes_of_which_a_client_would_make_one_method_are_rejected_at_start() -> None:
    async def read() -> None: ...

    made = FastAPI(generate_unique_id_function=operation_id)
    made.add_api_route("/shelves", read)
    made.add_api_route("/books", read, include_in_schema=False)
    forbid_repeated_names(made)
    made.add_api_route("/loans", read)

    with pytest.raises(RepeatedNameError, match="GET /loans and GET /shelves have one name, read"):
        check_routes(made, policies=False)


@pytest.mark.parametrize("name", ["cursor", "limit", "order_by"])
def test_a_filter_that_is_called_like_a_parameter_of_lists_is_rejected_at_start(name: str) -> None:
    filters = create_model("Filters", **{name: (str, "")})  # type: ignore[call-overload]  # as Pydantic has it
    made = FastAPI()

    @made.get("/authors")
    async def authors(
        page: Annotated[PageRequest, Depends(paging(Author, "name"))],
        given: Annotated[filters, Query()],  # type: ignore[valid-type]  # made here
    ) -> None: ...

    with pytest.raises(RepeatedParameterError, match=f"/authors reads the query parameter '{name}' twice"):
        forbid_repeated_parameters(made)


def test_the_kits_own_parameter_passes() -> None:
    forbid_late_commits(application(RequestTransaction))


def test_a_response_model_whose_relations_have_no_end_is_rejected_at_start() -> None:
    router = APIRouter()

    @router.get("/sales", response_model=page_schema(Endless))
    async def sales() -> None:
        """Lists sales."""

    made = FastAPI()
    made.include_router(router, prefix="/api")
    with pytest.raises(ConfigurationError, match=r"Endless\.shop\.sales shows Endless within itself"):
        check_routes(made, policies=False)


@policy
def members() -> None:
    """Would ask for a card."""


Members = Annotated[None, Depends(members)]


def guarded(*dependencies: Any) -> FastAPI:
    router = APIRouter()

    @router.get("/shelves", dependencies=dependencies)
    async def read() -> None: ...

    made = FastAPI()
    made.include_router(router, prefix="/api")
    return made


def test_a_route_without_a_policy_is_rejected_at_start_by_its_path() -> None:
    with pytest.raises(OpenRouteError, match="/shelves does not say who may call it"):
        require_policies(guarded(Depends(lambda: None)))


def test_a_policy_counts_wherever_a_route_depends_on_it() -> None:
    async def deeper(_: Members) -> None: ...

    require_policies(guarded(Depends(members)))
    require_policies(guarded(Depends(deeper)))


def test_a_policy_only_on_include_router_does_not_count() -> None:
    inner, outer = APIRouter(), APIRouter(dependencies=[Depends(members)])

    @inner.get("/shelves")
    async def read() -> None: ...

    outer.include_router(inner)
    made = FastAPI()
    made.include_router(outer, dependencies=[Depends(members)])

    with pytest.raises(OpenRouteError, match="/shelves"):
        require_policies(made)


def test_a_websocket_needs_a_policy_too() -> None:
    made = FastAPI()

    @made.websocket("/news")
    async def news() -> None: ...

    with pytest.raises(OpenRouteError, match="/news"):
        require_policies(made)


def mounted() -> FastAPI:
    made = FastAPI()
    made.mount("/files", FastAPI())
    return made


def mounted_on_a_router() -> FastAPI:
    made, router = FastAPI(), APIRouter()
    router.mount("/files", FastAPI())
    made.include_router(router)
    return made


def frontend(tmp_path: Path) -> FastAPI:
    made = FastAPI()
    made.frontend("/files", directory=tmp_path)
    return made


def frontend_of_a_router(tmp_path: Path) -> FastAPI:
    made, router = FastAPI(), APIRouter()
    router.frontend("/files", directory=tmp_path)
    made.include_router(router)
    return made


def test_what_is_mounted_without_a_policy_is_rejected_with_the_remedy(tmp_path: Path) -> None:
    for open_to_all in (mounted(), mounted_on_a_router(), frontend(tmp_path), frontend_of_a_router(tmp_path)):
        with pytest.raises(OpenRouteError, match=r"/files is open to all.*mount\(app, '/files', ..., policy=...\)"):
            require_policies(open_to_all)


def test_documentation_pages_need_no_policy() -> None:
    require_policies(FastAPI())


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_no_dependency_of_the_service_holds_a_transaction_across_the_response(source: Path) -> None:
    """A generator that yields inside of a transaction is a dependency that commits late, unless it is the kit's."""
    tree = ast.parse(source.read_text())
    holders = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncWith)
        and any(
            isinstance(item.context_expr, ast.Call) and _name(item.context_expr.func) in OPENS for item in node.items
        )
        and any(isinstance(inner, ast.Yield) for inner in ast.walk(node))
    ]

    allowed = source.name in {"request_transaction.py", "transactions.py", "runs.py"}  # the last two are no dependency
    assert allowed or holders == [], f"{source}:{holders}: depend on tortoise_kit.http.routes.RequestTransaction"


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


async def test_the_response_is_sent_after_commit_and_is_no_success_if_that_fails(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def commit(_client: object) -> None:
        raise ConnectionLost

    async with library(empty_database_url, name="default"):
        transport = ASGITransport(application(RequestTransaction), raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://test") as client:
            for engine in ("asyncpg_backend", "sqlite_backend"):
                monkeypatch.setattr(f"tortoise_kit.db.engines.{engine}.Transaction.commit", commit)
            failed = await client.post("/api/shelves/authors")
            monkeypatch.undo()
            stored_then = await Author.all().count()
            succeeded = await client.post("/api/shelves/authors")

        assert (failed.status_code, stored_then) == (500, 0)
        assert (succeeded.status_code, await Author.all().count()) == (200, 1)
