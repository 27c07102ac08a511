"""The API as its clients see it: the OpenAPI document, what changed in it, and walks along the links of lists."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from httpx2 import AsyncClient, Response

METHODS = {"get", "post", "put", "patch", "delete"}
IGNORED = {"info", "openapi", "description", "summary", "title", "examples", "operationId", "tags"}
WIDTH = 120
PAGES_MAX = 200


def part_of(document: dict[str, Any], belongs: Callable[[str], bool]) -> dict[str, Any]:
    """The operations whose first tag belongs, and the schemas that they need."""
    paths = {
        path: {method: each for method, each in operations.items() if belongs(each.get("tags", [""])[0])}
        for path, operations in document["paths"].items()
    }
    paths = {path: operations for path, operations in paths.items() if operations}
    known = document["components"]["schemas"]
    needed: dict[str, Any] = {}
    wanted = list(_references(paths))
    while wanted:
        name = wanted.pop()
        if name not in needed:
            needed[name] = known[name]
            wanted += _references(known[name])
    return {"paths": paths, "components": {"schemas": dict(sorted(needed.items()))}}


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(reference := part.get("$ref"), str):
            yield reference.rpartition("/")[2]
        part = part.values()
    elif not isinstance(part, list):
        return
    for each in part:
        yield from _references(each)


def as_text(part: Any, indent: str = "") -> str:
    """JSON to be read and compared by people: a value that fits stands on one line of 120 characters."""
    line = json.dumps(part, ensure_ascii=False)
    if len(indent) + len(line) < WIDTH or not part or not isinstance(part, dict | list):
        return line
    deeper = f"{indent} "
    if isinstance(part, list):
        members, (opening, closing) = [as_text(each, deeper) for each in part], "[]"
    else:
        members, (opening, closing) = [f"{json.dumps(key)}: {as_text(part[key], deeper)}" for key in part], "{}"
    body = ",\n".join(f"{deeper}{member}" for member in members)
    return f"{opening}\n{body}\n{indent}{closing}"


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What is new, gone or different for a client, a line each; texts for readers are not compared."""
    return list(_changes(_paths(old), _paths(new), "")) + list(_changes(_schemas(old), _schemas(new), ""))


def _paths(document: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{method.upper()} {path}": operation
        for path, operations in document.get("paths", {}).items()
        for method, operation in operations.items()
        if method in METHODS
    }


def _schemas(document: dict[str, Any]) -> dict[str, Any]:
    return {f"schema {name}": schema for name, schema in document.get("components", {}).get("schemas", {}).items()}


def _changes(old: Any, new: Any, where: str) -> Iterator[str]:
    old, new = _by_name(old), _by_name(new)
    if not (isinstance(old, dict) and isinstance(new, dict)):
        if old != new:
            yield f"{where}: was {_short(old)}, is {_short(new)}"
        return
    for key in [*old, *(key for key in new if key not in old)]:
        place = f"{where}, {key}" if where else str(key)
        if key in IGNORED and where:
            continue
        if key not in new:
            yield f"{place}: gone"
        elif key not in old:
            yield f"{place}: new"
        else:
            yield from _changes(old[key], new[key], place)


def _by_name(part: Any) -> Any:
    """A list of parameters by their names, since their order says nothing; a list of names as what is in it."""
    if isinstance(part, list) and part and all(isinstance(each, dict) and "name" in each for each in part):
        return {each["name"]: each for each in part}
    if isinstance(part, list) and all(isinstance(each, str) for each in part):
        return dict.fromkeys(sorted(part), True)
    return part


def _short(value: Any, longest: int = 80) -> str:
    text = repr(value)
    return text if len(text) <= longest else f"{text[:longest]}…"


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
