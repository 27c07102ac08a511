from typing import Annotated, Any

import pytest
from fastapi import Body, FastAPI, File, Form, Query, UploadFile
from httpx2 import ASGITransport, AsyncClient, Response
from pydantic import BaseModel

from tortoise_kit.http.problems import install_problems
from tortoise_kit.http.routes import Router

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
REPEATED = "It must be given only once"


class Shelf(BaseModel):
    name: str = ""
    books: list[dict[str, Any]] = []


class Filters(BaseModel):
    room: str | None = None
    tags: list[str] | None = None


class Login(BaseModel):
    user: str
    scopes: list[str] = []


def app() -> FastAPI:
    made = FastAPI()
    install_problems(made)
    router, small = Router(prefix="/shelves"), Router(prefix="/small", body_bytes_max=20)

    @router.post("")
    async def add(shelf: Shelf, filters: Annotated[Filters, Query()]) -> Shelf:
        return shelf

    @router.patch("")
    async def change(shelf: Shelf) -> None: ...

    @router.post("/login")
    async def log_in(login: Annotated[Login, Form()]) -> Login:
        return login

    @router.post("/cover")
    async def upload(cover: Annotated[UploadFile, File()]) -> int:
        return len(await cover.read())

    @router.post("/list")
    async def import_list(text: Annotated[bytes, Body(media_type="text/csv")]) -> int:
        return len(text)

    @small.post("/json")
    async def add_small(shelf: Shelf) -> None: ...

    @small.post("/form")
    async def log_in_small(login: Annotated[Login, Form()]) -> None: ...

    for each in (router, small):
        made.include_router(each)
    return made


async def post(path: str, content: Any = b"{}", kind: str | None = JSON, method: str = "POST") -> Response:
    headers = {} if kind is None else {"Content-Type": kind}
    async with AsyncClient(transport=ASGITransport(app()), base_url="http://test") as client:
        return await client.request(method, path, content=content, headers=headers)


@pytest.mark.parametrize(
    ("body", "loc"),
    [
        (b'{"name": "a", "name": "a"}', ["body", "name"]),
        (b'{"name": "a", "n\\u0061me": "b"}', ["body", "name"]),
        (b'{"books": [{}, {"by": {"a": 1, "b": 2, "a": 3}}]}', ["body", "books", 1, "by", "a"]),
        (b'{"name": "a", "books": [{"a": 1, "a": 2}], "books": []}', ["body", "books"]),
    ],
)
async def test_a_member_that_an_object_has_twice_is_invalid(body: bytes, loc: list[Any]) -> None:
    answer = await post("/shelves", body)

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"loc": loc, "msg": REPEATED, "type": "repeated"}]


@pytest.mark.parametrize(
    ("body", "loc"),
    [
        (b"NaN", ["body"]),
        (b'{"name": "a", "width": -Infinity}', ["body", "width"]),
        (b'{"books": ["NaN", {"by": [1, Infinity]}]}', ["body", "books", 1, "by", 1]),
    ],
)
async def test_a_number_that_json_does_not_have_is_invalid(body: bytes, loc: list[Any]) -> None:
    answer = await post("/shelves", body)

    assert answer.status_code == 422
    assert [(each["loc"], each["type"]) for each in answer.json()["errors"]] == [(loc, "not_json")]


@pytest.mark.parametrize(
    ("path", "content", "kind", "loc"),
    [
        ("/shelves?room=a&room=b", b"{}", JSON, ["query", "room"]),
        ("/shelves?room=a&tags=a&tags=b&other=1&other=2", b"{}", JSON, None),
        ("/shelves/login", b"user=a&user=b", FORM, ["body", "user"]),
        ("/shelves/login", b"user=a&scopes=a&scopes=b&other=1&other=2", FORM, None),
    ],
)
async def test_a_parameter_that_is_no_list_is_sent_once(
    path: str, content: bytes, kind: str, loc: list[str] | None
) -> None:
    answer = await post(path, content, kind)

    assert [each["loc"] for each in answer.json().get("errors", ())] == ([loc] if loc else [])
    assert answer.status_code == (422 if loc else 200)


@pytest.mark.parametrize(
    ("path", "kind", "accepted"),
    [
        ("/shelves", "application/json; charset=utf-8", None),
        ("/shelves", "Application/JSON", None),
        ("/shelves", "application/merge-patch+json", None),
        ("/shelves", None, JSON),
        ("/shelves", "", JSON),
        ("/shelves", "text/json", JSON),
        ("/shelves", "application/json/x", JSON),
        ("/shelves", FORM, JSON),
        ("/shelves/login", JSON, f"{FORM}, multipart/form-data"),
        ("/shelves/list", "text/csv", None),
        ("/shelves/list", JSON, "text/csv"),
    ],
)
async def test_a_body_of_another_media_type_is_told_which_one_is_accepted(
    path: str, kind: str | None, accepted: str | None
) -> None:
    answer = await post(path, kind=kind)

    assert answer.status_code == (415 if accepted else 200)
    assert (answer.headers.get("accept"), answer.headers.get("accept-post")) == (accepted, accepted)


async def test_a_patch_names_its_media_type_too() -> None:
    answer = await post("/shelves", b"x", "text/plain", "PATCH")

    assert (answer.status_code, answer.headers["accept-patch"]) == (415, JSON)


async def test_a_missing_body_is_a_missing_field_whatever_its_type() -> None:
    answer = await post("/shelves", b"", "text/plain")

    assert (answer.status_code, answer.json()["errors"][0]["type"]) == (422, "missing")


async def test_a_file_is_read() -> None:
    async with AsyncClient(transport=ASGITransport(app()), base_url="http://test") as client:
        answer = await client.post("/shelves/cover", files={"cover": b"12345"})

    assert answer.json() == 5


@pytest.mark.parametrize("path", ["/small/json", "/small/form"])
@pytest.mark.parametrize("in_pieces", [False, True])
async def test_a_router_has_smaller_bodies_than_the_service(path: str, *, in_pieces: bool) -> None:
    async def pieces(length: int) -> Any:
        for _ in range(length):
            yield b" " if "json" in path else b"&"

    def body(length: int) -> Any:
        return pieces(length) if in_pieces else b"&" * length

    kind = JSON if "json" in path else FORM
    answers = [await post(path, body(length), kind) for length in (20, 21)]

    assert [answer.status_code for answer in answers] == [422, 413]
    assert answers[1].json()["type"] == "urn:problem:body-too-large"
