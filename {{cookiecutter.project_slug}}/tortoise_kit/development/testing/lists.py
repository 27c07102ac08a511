"""Lists as clients see them: the orders that they offer, and walks along their links."""

import re
from collections.abc import Sequence
from typing import Any

from httpx import AsyncClient, Response

PAGES_MAX = 200


def orders_of_lists(document: dict[str, Any]) -> dict[str, list[str]]:
    """The orders that each list of an OpenAPI document offers, by its path; a list is what takes a `cursor`."""
    lists = {}
    for path, operations in document["paths"].items():
        parameters = {each["name"]: each["schema"] for each in operations.get("get", {}).get("parameters", ())}
        if "cursor" in parameters:
            lists[path] = list(parameters["order_by"]["enum"])
    return lists


def links(response: Response) -> dict[str, str]:
    """The URLs of a response's `Link` header, by their relation."""
    return {rel: url for url, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', response.headers.get("link", ""))}


async def walk(client: AsyncClient, url: str, rel: str) -> list[Response]:
    """The pages from `url` on, following only the links of this relation, `next` or `prev`."""
    pages = [await client.get(url)]
    while following := links(pages[-1]).get(rel):
        assert len(pages) < PAGES_MAX, "the walk does not end"
        pages.append(await client.get(following))
    assert all(page.is_success for page in pages)
    return pages


def ids(pages: Sequence[Response]) -> list[list[int]]:
    """The keys of the items of each page."""
    return [[item["id"] for item in page.json()["items"]] for page in pages]
