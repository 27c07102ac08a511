"""What FastAPI's documentation shows of parameters is served by compiled routes as by FastAPI's own.

Each example has the routes of one of its pages, in its shapes; requests are generated.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

import pytest
from fastapi import (
    APIRouter,
    BackgroundTasks,
    Body,
    Cookie,
    Depends,
    Form,
    Header,
    HTTPException,
    Path,
    Query,
    Request,
    Response,
    Security,
)
from fastapi.responses import JSONResponse
from fastapi.security import (
    APIKeyCookie,
    APIKeyHeader,
    APIKeyQuery,
    HTTPBasic,
    HTTPBasicCredentials,
    HTTPBearer,
    OAuth2PasswordBearer,
    SecurityScopes,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, HttpUrl, Json

from tests.kit.http.both_ways import ANALYSES, JSON, Add, BothWays, Sent, ask, calls_in

EACH_RUN, EACH_NIGHT = 40, 2_000  # requests to each example


@dataclass(frozen=True)
class Example:
    """Routes, and the names that requests use.

    Attributes:
        add: Adds them.
        valid: A request that is served.
        path: With one `{}` for each value.
        names: Of query parameters, headers, cookies and members of the body.
        compiled: Whether the kit serves it.
    """

    add: Add
    valid: Sent
    path: str
    names: tuple[str, ...]
    compiled: bool


SHOWN: dict[str, Example] = {}


def shown(path: str, *names: str, valid: Sent, compiled: bool = True) -> Callable[[Add], Add]:
    def keep(add: Add) -> Add:
        SHOWN[add.__name__] = Example(add, valid, path, names, compiled)
        return add

    return keep


def get(path: str, query: str = "", *headers: tuple[str, str]) -> Sent:
    return Sent("GET", path, query.encode(), tuple((name.encode(), value.encode()) for name, value in headers))


def post(path: str, value: Any, query: str = "") -> Sent:
    return Sent("POST", path, query.encode(), (JSON,), json.dumps(value).encode())


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class Image(BaseModel):
    url: HttpUrl
    name: str


class Item(BaseModel):
    name: str = Field(max_length=20)
    price: float = Field(gt=0)
    tags: set[str] = set()
    tax: float | None = None
    images: list[Image] | None = None


class User(BaseModel):
    username: str
    full_name: str | None = None


class Filters(BaseModel):
    limit: int = Field(100, gt=0, le=100)
    offset: int = Field(0, ge=0)
    order_by: Literal["created_at", "updated_at"] = "created_at"
    tags: list[str] = []


class OnlyFilters(Filters):
    model_config = ConfigDict(extra="forbid")


class OpenFilters(BaseModel):
    model_config = ConfigDict(extra="allow")
    limit: int = Field(5, alias="max")


@shown("/items/{}", "q", valid=get("/items/3"))
def path_parameters(router: APIRouter) -> None:
    @router.get("/items/me")
    async def read_mine() -> str:
        return "mine"

    @router.get("/items/{item_id}")
    async def read_item(item_id: int) -> dict[str, int]:
        return {"item_id": item_id}


@shown("/sizes/{}", valid=get("/sizes/small"))
def path_of_an_enum(router: APIRouter) -> None:
    @router.get("/sizes/{size}")
    async def read_size(size: Size) -> dict[str, Any]:
        return {"size": size, "is_small": size is Size.SMALL}


@shown("/files/{}", valid=get("/files/home/a.txt"))
def path_of_a_file(router: APIRouter) -> None:
    @router.get("/files/{file_path:path}")
    async def read_file(file_path: str) -> dict[str, str]:
        return {"file_path": file_path}


@shown("/items/{}", "q", "size", valid=get("/items/3", "q=a"))
def path_with_rules(router: APIRouter) -> None:
    @router.get("/items/{item_id}")
    async def read_item(
        *,
        item_id: Annotated[int, Path(title="The id", ge=0, le=1000)],
        q: str,
        size: Annotated[float, Query(gt=0, lt=10.5)] = 1,
    ) -> list[Any]:
        return [item_id, q, size]


@shown("/items", "skip", "limit", "q", "short", "needy", valid=get("/items", "needy=a"))
def query_parameters(router: APIRouter) -> None:
    @router.get("/items")
    async def read_items(
        needy: str, skip: int = 0, limit: int | None = None, q: str | None = None, *, short: bool = False
    ) -> list[Any]:
        return [needy, skip, limit, q, short]


@shown("/items", "q", "item-query", "plain", "id", valid=get("/items", "q=fixed"))
def query_with_rules(router: APIRouter) -> None:
    def known(value: str) -> str:
        if not value.startswith(("isbn-", "imdb-")):
            message = "Invalid id"
            raise ValueError(message)
        return value

    @router.get("/items")
    async def read_items(
        q: Annotated[str, Query(min_length=1, max_length=50, pattern="^[a-z]+$")],
        item: Annotated[str | None, Query(alias="item-query", title="Query", deprecated=True)] = None,
        plain: str = Query(default="x", min_length=1),  # noqa: FAST002 -- the older style
        known_id: Annotated[str | None, AfterValidator(lambda v: v and known(v)), Query(alias="id")] = None,
    ) -> list[Any]:
        return [q, item, plain, known_id]


@shown("/items", "q", "r", "s", "n", "j", valid=get("/items"))
def query_lists(router: APIRouter) -> None:
    @router.get("/items")
    async def read_items(
        q: Annotated[list[str] | None, Query()] = None,
        r: Annotated[list[int], Query()] = [1, 2],  # noqa: B006 -- as documented: FastAPI copies it
        s: Annotated[set[str], Query(max_length=2)] = set(),  # noqa: B006
        n: list[Decimal] = Query(default_factory=lambda: [Decimal(1)]),  # noqa: B008, FAST002 -- the older style
        j: Annotated[Json[list[int]] | None, Query()] = None,
    ) -> list[Any]:
        r.append(0)
        return [q, r, sorted(s), n, j]


@shown("/items", "limit", "offset", "order_by", "tags", valid=get("/items", "limit=3&tags=a&tags=b"))
def query_models(router: APIRouter) -> None:
    @router.get("/items")
    async def read_items(filters: Annotated[Filters, Query()]) -> Filters:
        return filters


@shown("/items", "limit", "offset", "order_by", "tags", valid=get("/items", "limit=3"))
def query_models_without_extras(router: APIRouter) -> None:
    @router.get("/items")
    async def read_items(filters: Annotated[OnlyFilters, Query()]) -> OnlyFilters:
        return filters


@shown("/items", "max", "limit", "other", valid=get("/items", "max=3&other=a&other=b"))
def query_models_with_extras(router: APIRouter) -> None:
    @router.get("/items")
    async def read_items(filters: Annotated[OpenFilters, Query()]) -> dict[str, Any]:
        return filters.model_dump()


@shown("/items", "a", "b", "c", valid=get("/items", "a=1"))
def alias_choices(router: APIRouter) -> None:
    @router.get("/items")
    async def read_items(
        value: Annotated[int, Query(validation_alias=AliasChoices("a", "b"))],
        other: Annotated[str, Query(validation_alias="c", validate_default=True, min_length=2)] = "default",
    ) -> list[Any]:
        return [value, other]


@shown("/items", "name", "price", "tags", "tax", valid=post("/items", {"name": "a", "price": 1, "tags": ["b"]}))
def body(router: APIRouter) -> None:
    @router.post("/items", status_code=201)
    async def create_item(item: Item) -> Item:
        return item


@shown("/items/{}", "q", "name", "price", valid=post("/items/3", {"name": "a", "price": 1}, "q=b"))
def body_path_and_query(router: APIRouter) -> None:
    @router.post("/items/{item_id}")
    async def update_item(item_id: int, item: Item, q: str | None = None) -> dict[str, Any]:
        return {"item_id": item_id, **item.model_dump(), "q": q}


@shown("/items", "name", "price", valid=Sent("POST", "/items"))
def optional_body(router: APIRouter) -> None:
    @router.post("/items")
    async def create_item(item: Item | None = None) -> Item | None:
        return item


@shown(
    "/items",
    "item",
    "user",
    "importance",
    "name",
    "q",
    valid=post("/items", {"item": {"name": "a", "price": 1}, "user": {"username": "b"}, "importance": 3}),
)
def several_bodies(router: APIRouter) -> None:
    @router.post("/items")
    async def create_item(
        item: Item,
        user: User,
        importance: Annotated[int, Body(gt=0)],
        note: Annotated[str | None, Body(alias="q")] = None,
    ) -> list[Any]:
        return [item, user, importance, note]


@shown("/items", "item", "name", "price", valid=post("/items", {"item": {"name": "a", "price": 1}}))
def embedded_body(router: APIRouter) -> None:
    @router.post("/items")
    async def create_item(item: Annotated[Item, Body(embed=True)]) -> Item:
        return item


@shown("/weights", "1", "2", valid=post("/weights", {"1": 2.5}))
def body_of_a_mapping(router: APIRouter) -> None:
    @router.post("/weights")
    async def create_weights(weights: dict[int, float]) -> dict[int, float]:
        return weights


@shown("/images", "url", "name", valid=post("/images", [{"url": "http://a.b/c", "name": "d"}]))
def body_of_a_list(router: APIRouter) -> None:
    @router.post("/images")
    async def create_images(images: list[Image]) -> list[Image]:
        return images


@shown("/values", "id", "start", "repeat", "after", valid=post("/values", {"start": "2026-11-27T10:00:00Z"}))
def other_types(router: APIRouter) -> None:
    @router.post("/values")
    async def create_value(
        start: Annotated[datetime, Body()],
        repeat: Annotated[time | None, Body()] = None,
        after: Annotated[timedelta, Body()] = timedelta(1),
        key: Annotated[UUID | None, Query(alias="id")] = None,
    ) -> list[Any]:
        return [start, repeat, after, key]


@shown("/items", "ads_id", "number", valid=get("/items", "", ("cookie", "ads_id=a; number=3")))
def cookies(router: APIRouter) -> None:
    @router.get("/items")
    async def read_items(
        ads_id: Annotated[str | None, Cookie(max_length=10)] = None, number: Annotated[int, Cookie()] = 0
    ) -> list[Any]:
        return [ads_id, number]


@shown("/items", "session_id", "number", valid=get("/items", "", ("cookie", "session_id=a")), compiled=False)
def cookie_models(router: APIRouter) -> None:
    class Cookies(BaseModel):
        model_config = ConfigDict(extra="forbid")
        session_id: str
        number: int | None = None

    @router.get("/items")
    async def read_items(cookies: Annotated[Cookies, Cookie()]) -> Cookies:
        return cookies


@shown("/items", "x-count", "strange_header", "x-token", "user-agent", valid=get("/items", "", ("x-count", "3")))
def headers(router: APIRouter) -> None:
    @router.get("/items")
    async def read_items(
        x_count: Annotated[int, Header()],
        user_agent: str | None = Header(None),  # noqa: FAST002 -- the older style
        strange_header: Annotated[str | None, Header(convert_underscores=False)] = None,
        x_token: Annotated[list[str] | None, Header()] = None,
    ) -> list[Any]:
        return [x_count, user_agent, strange_header, x_token]


@shown("/items", "save-data", "x-tag", valid=get("/items", "", ("save-data", "true")), compiled=False)
def header_models(router: APIRouter) -> None:
    class Headers(BaseModel):
        save_data: bool
        x_tag: list[str] = []

    @router.get("/items")
    async def read_items(headers: Annotated[Headers, Header()]) -> Headers:
        return headers


FORM = Sent("POST", "/login", b"", ((b"content-type", b"application/x-www-form-urlencoded"),), b"name=a&password=b")


@shown("/login", "name", "password", valid=FORM, compiled=False)
def forms(router: APIRouter) -> None:
    @router.post("/login")
    async def log_in(name: Annotated[str, Form()], password: Annotated[str, Form(min_length=1)]) -> list[str]:
        return [name, password]


@shown("/items", "q", "skip", "limit", valid=get("/items", "skip=1"))
def classes_as_dependencies(router: APIRouter) -> None:
    class Common:
        def __init__(self, q: str | None = None, skip: int = 0, limit: int = 100) -> None:
            self.found = [q, skip, limit]

    @router.get("/items")
    async def read_items(common: Annotated[Common, Depends()]) -> list[Any]:
        return common.found


@shown("/items", "q", "last_query", valid=get("/items", "q=a", ("cookie", "last_query=b")))
def dependencies_of_dependencies(router: APIRouter) -> None:
    def query(q: str | None = None) -> str | None:
        return q

    async def query_or_cookie(
        q: Annotated[str | None, Depends(query)], last_query: Annotated[str | None, Cookie()] = None
    ) -> str | None:
        return q or last_query

    @router.get("/items")
    async def read_items(found: str | None = Depends(query_or_cookie)) -> str | None:  # noqa: FAST002 -- older
        return found


@shown("/items", "x-token", "x-key", valid=get("/items", "", ("x-token", "secret"), ("x-key", "a")))
def dependencies_of_decorators(router: APIRouter) -> None:
    async def verify_token(x_token: Annotated[str, Header()]) -> None:
        if x_token != "secret":  # noqa: S105
            raise HTTPException(400, "X-Token header invalid")

    def verify_key(x_key: Annotated[str, Header()]) -> str:
        return x_key

    @router.get("/items", dependencies=[Depends(verify_token), Depends(verify_key)])
    async def read_items() -> list[str]:
        return ["a"]


@shown("/items/{}", "q", valid=get("/items/3"))
def dependencies_that_yield(router: APIRouter) -> None:
    async def opened(request: Request) -> AsyncIterator[str]:
        request.app.state.events.append("open")
        try:
            yield "connection"
        finally:
            request.app.state.events.append("close")

    def inner(request: Request, connection: Annotated[str, Depends(opened)]) -> Iterator[str]:
        request.app.state.events.append("inner")
        try:
            yield connection
        except ZeroDivisionError as error:
            request.app.state.events.append("caught")
            raise HTTPException(400, "division") from error
        finally:
            request.app.state.events.append("outer")

    @router.get("/items/{number}")
    async def divide(number: int, _: Annotated[str, Depends(inner, scope="function")]) -> float:
        return 1 / number


@shown("/me", "key", "x-key", "token", valid=get("/me", "key=c", ("authorization", "Bearer a"), ("x-key", "b")))
def security(router: APIRouter) -> None:
    bearer = OAuth2PasswordBearer("token", scopes={"me": "", "items": ""})

    async def user(scopes: SecurityScopes, token: Annotated[str, Depends(bearer)]) -> list[str]:
        return [token, scopes.scope_str]

    async def active(user: Annotated[list[str], Security(user, scopes=["me"])]) -> list[str]:
        return user

    @router.get("/me")
    async def read_me(
        me: Annotated[list[str], Security(active, scopes=["items"])],
        again: Annotated[list[str], Security(active)],
        header: Annotated[str, Security(APIKeyHeader(name="x-key"))],
        query: Annotated[str, Security(APIKeyQuery(name="key"))],
        cookie: Annotated[str | None, Security(APIKeyCookie(name="token", auto_error=False))],
    ) -> list[Any]:
        return [me, again, header, query, cookie]


@shown("/me", "authorization", valid=get("/me", "", ("authorization", "Basic YTpi")))
def basic_security(router: APIRouter) -> None:
    @router.get("/me")
    async def read_me(
        basic: Annotated[HTTPBasicCredentials, Depends(HTTPBasic())],
        bearer: Annotated[Any, Depends(HTTPBearer(auto_error=False))],
    ) -> list[str | None]:
        return [basic.username, basic.password, bearer and bearer.credentials]


@shown("/items/{}", "q", valid=get("/items/a", "q=b"))
def responses(router: APIRouter) -> None:
    async def count(response: Response, tasks: BackgroundTasks, request: Request, q: str | None = None) -> None:
        response.headers["X-Q"] = str(q is not None)
        tasks.add_task(request.app.state.events.append, "dependency's task")

    @router.get("/items/{key}", status_code=202, dependencies=[Depends(count)])
    async def read_item(key: str, request: Request, response: Response, background: BackgroundTasks) -> Any:
        background.add_task(request.app.state.events.append, "task")
        response.set_cookie("seen", "yes")
        if key == "direct":
            return JSONResponse({"key": 1}, status_code=203)
        response.status_code = 201 if key == "new" else None  # type: ignore[assignment]  # as FastAPI begins
        return {"key": len(key)}


@shown("/items/{}", "q", valid=get("/items/1"))
def response_models(router: APIRouter) -> None:
    @router.get("/items/{number}", response_model=User, response_model_exclude_unset=True)
    async def read_item(number: int) -> Any:
        found: list[Any] = [User(username="a"), {"username": "b", "password": "c"}, {"name": "invalid"}]
        return found[number]

    @router.get("/items/{number}/raw")
    async def read_raw(number: int) -> Response:
        return Response(str(number)) if number else {"not": "a response"}  # type: ignore[return-value]


@shown("/items/{}", "q", valid=get("/items/3"), compiled=False)
def functions_without_async(router: APIRouter) -> None:
    @router.get("/items/{number}")
    def read_item(number: int, q: str | None = None) -> list[Any]:
        return [number, q]


TEXTS = (
    ("", "0", "1", "2", "3", "-1", "1000.5", "9" * 30, "true", "off", "null", "[1]", "small", "abc", "fixed", "secret"),
    ("isbn-1", "created_at", "2026-11-27T10:00:00Z", "10:30:00", "00000000-0000-4000-8000-000000000000"),
    ("http://a.b/c", "Bearer a", "Basic YTpi", "Basic !", "é", "日本", "\x00", "a b", "%", "../x"),
)
VALUES = st.sampled_from([text for texts in TEXTS for text in texts]) | st.text(max_size=4)
BODIES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 10**19) | st.floats(allow_nan=False) | VALUES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "url", "price"]), inner),
    max_leaves=4,
)
BROKEN = st.sampled_from([b"", b"{", b"\xff", b'{"a": NaN}', b"[" * 2000, b"null", b'{"name": 1, "name": 2}'])
MEDIA_TYPES = st.sampled_from(
    [
        b"application/json",
        b"application/json; charset=utf-8",
        b"application/geo+json",
        b"text/plain",
        b"",
        b"\xff",
        b";",
    ]
)
QUERIES = st.sampled_from([b"", b"%", b"a=%zz&b=%ff", b"&&==&", b"limit=1;offset=2"])


@st.composite
def requests_to(draw: st.DrawFn, example: Example) -> Sent:
    """The valid request with other parts, or parts beside its own."""
    names, valid = st.sampled_from([*example.names, "other"]), example.valid
    pairs = st.lists(st.tuples(names, VALUES.map(lambda text: text.encode("utf-8", "replace"))), max_size=4)
    path = draw(st.sampled_from([valid.path, example.path.format(draw(VALUES)), f"{valid.path}/raw", f"{valid.path}/"]))
    coded = b"&".join(f"{quote(name)}={quote(value)}".encode() for name, value in draw(pairs))
    query = draw(st.sampled_from([valid.query, coded, valid.query + b"&" + coded]) | QUERIES)
    headers = [*draw(st.sampled_from([valid.headers, valid.headers, ()]))]
    headers += [(name.encode(), value) for name, value in draw(pairs)]
    headers += [(b"cookie", b"; ".join(name.encode() + b"=" + value for name, value in draw(pairs)))]
    if valid.method != "POST":
        return Sent(valid.method, path, query, tuple(headers))
    values = st.dictionaries(names, BODIES, max_size=4) | BODIES
    body = draw(st.just(valid.body) | values.map(lambda value: json.dumps(value).encode()) | BROKEN)
    if draw(st.booleans()):
        headers = [(b"content-type", draw(MEDIA_TYPES)), *headers[1:]]
    return Sent(valid.method, path, query, tuple(headers), body)


@cache
def ways_of(name: str) -> BothWays:
    return BothWays(SHOWN[name].add)


@pytest.mark.parametrize("name", SHOWN)
async def test_a_documented_example_is_served_in_the_same_way(name: str) -> None:
    example, ways = SHOWN[name], ways_of(name)

    received = await ways.same(example.valid)
    with calls_in(ANALYSES) as found:
        await ask(ways.compiled, example.valid)

    assert received.status in range(200, 300)
    assert bool(found) is not example.compiled
    assert ways.compiled.openapi() == ways.by_fastapi.openapi()


@pytest.mark.parametrize("requests", [EACH_RUN, pytest.param(EACH_NIGHT, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("name", SHOWN)
def test_generated_requests_to_a_documented_example_are_served_in_the_same_way(name: str, requests: int) -> None:
    with asyncio.Runner() as runner:

        @settings(max_examples=requests, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(requests_to(SHOWN[name]))
        def check(sent: Sent) -> None:
            runner.run(ways_of(name).same(sent))

        check()
