"""The API as its clients know it: every change is reviewed as a change of `openapi.json`.

Each feature has its part in `tests/NAME/openapi.json`, which goes with the feature; the rest is in this folder.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.main import create_app
from app.settings import Settings
from tests.contract.cases import FEATURE_NAMES, SERVICE, of_features, routes
from tortoise_kit.development.testing import Accept, as_text, changes, part_of

TESTS = Path(__file__).parents[1]


def document() -> dict[str, Any]:
    return create_app(Settings(environment="test")).openapi()


def part(name: str) -> tuple[Path, dict[str, Any]]:
    """The file of a feature, whose operations have its name as their tag, and what it should hold."""
    if name == SERVICE:
        return TESTS / "contract" / "openapi.json", part_of(document(), lambda tag: tag not in FEATURE_NAMES)
    return TESTS / name / "openapi.json", part_of(document(), name.__eq__)


@pytest.mark.parametrize("name", of_features(SERVICE))
def test_the_api_is_the_one_its_clients_know(name: str, accept: Accept) -> None:
    file, new = part(name)
    old = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    found = changes(old, new)
    if accept and (new["paths"] or old):
        accept.file(file, f"{as_text(new)}\n", found)
        return

    command = f"uv run pytest tests/{file.parent.name} --accept"
    assert not found, "\n".join(["The API changed for its clients:", *found, f"If that is meant: {command}"])


def test_schemas_have_short_names() -> None:
    names = document()["components"]["schemas"]

    assert not [name for name in names if not name.isalnum() or "Columns" in name or "Generated" in name]


def test_operations_are_called_like_the_functions_of_their_routes() -> None:
    """A generated client has these names, whatever the path."""
    found = [operation["operationId"] for path in document()["paths"].values() for operation in path.values()]
    functions = {route.endpoint.__name__ for by_name in routes().values() for route in by_name.values()}

    assert len(set(found)) == len(found)
    assert set(found) <= functions


def test_every_text_that_a_client_can_write_has_a_length() -> None:
    whole = document()
    bodies = [
        (f"{method} {path}", media["schema"])
        for path, operations in whole["paths"].items()
        for method, operation in operations.items()
        for media in operation.get("requestBody", {}).get("content", {}).values()
    ]

    assert bodies
    assert [place for name, schema in bodies for place in endless(name, schema, whole)] == []


BOUNDED = {"maxLength", "enum", "const", "format", "maxItems"}


def endless(place: str, schema: dict[str, Any], whole: dict[str, Any]) -> Iterator[str]:
    """The texts and arrays below a schema that may have any length; objects of any members are measured as a whole."""
    if "$ref" in schema:
        schema = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if schema.get("type") in {"string", "array"} and not BOUNDED & schema.keys():
        yield place
    for name, member in schema.get("properties", {}).items():
        yield from endless(f"{place}, {name}", member, whole)
    parts = schema.get("anyOf", [])
    if not any(part.get("type") == "number" for part in parts):  # a number as text is stored as a number
        for part in (*parts, *([schema["items"]] if "items" in schema else ())):
            yield from endless(place, part, whole)


def test_each_operation_documents_its_errors_as_problems() -> None:
    operations = [operation for path in document()["paths"].values() for operation in path.values()]

    assert operations
    for operation in operations:
        errors = {status: each for status, each in operation["responses"].items() if not status.startswith("2")}
        assert {media for each in errors.values() for media in each["content"]} == {"application/problem+json"}
        assert "default" in errors
