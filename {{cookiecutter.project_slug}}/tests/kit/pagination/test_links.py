"""Links and locations whose path has a client's text: each is a URL that leads there."""

import re
from typing import Annotated
from urllib.parse import quote

import pytest
from fastapi import Depends, FastAPI, Request, Response
from httpx2 import ASGITransport, AsyncClient

from tests.kit.library import Author, library
from tortoise_kit.pagination.links import LONGEST_CACHED
from tortoise_kit.pagination.routes import PageRequest, created_response, install_paging, page_schema, paging
from tortoise_kit.schemas.models import ReadSchema

TEXTS = ["plain", "a b", "日", "é", "50%", "%41", "a\nb", "a\r\nX: y", 'a>;rel="x', "a?b#c", "a\\b"]
LONG = "x" * LONGEST_CACHED


class AuthorRead(ReadSchema, model=Author):
    """An author."""


def shop_app() -> FastAPI:
    app = FastAPI()
    install_paging(app, ["s" * 32])

    @app.get("/shops/{shop}/authors", response_model=page_schema(AuthorRead))
    async def authors(shop: str, page: Annotated[PageRequest, Depends(paging(Author, "name"))]) -> Response:
        assert shop
        return await page.respond(Author.all(), AuthorRead)

    @app.post("/shops/{shop}/authors", response_model=AuthorRead)
    async def add(shop: str, request: Request) -> Response:
        return created_response(request, await Author.create(name="Cleo"), AuthorRead, "shop_of", shop=shop)

    @app.get("/shops/{shop}")
    async def shop_of(shop: str) -> str:
        return shop

    return app


@pytest.mark.parametrize("text", [*TEXTS, LONG])
async def test_a_link_and_a_location_lead_to_their_path(empty_database_url: str, text: str) -> None:
    transport = ASGITransport(shop_app())
    path = f"/shops/{quote(text, safe='')}"
    async with (
        library(empty_database_url, name="default"),
        AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        await Author.bulk_create([Author(name="Ann"), Author(name="Ben")])
        first = await client.get(f"{path}/authors", params={"limit": 1})
        created = await client.post(f"{path}/authors")

        link = re.fullmatch(r'<(http://test/[!-~]+)>; rel="next"', first.headers["link"])
        assert link is not None, first.headers["link"]
        following = await client.get(link[1])
        assert [author["name"] for author in following.json()["items"]] == ["Ben"]
        assert (await client.get(created.headers["location"])).json() == text
