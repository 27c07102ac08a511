"""The API as its clients know it: a change of it is meant, and written down in `openapi.json`.

Each feature's part is in `tests/NAME/openapi.json`, so that it goes when the feature goes; that of no feature is here.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from app.features import FEATURES
from app.main import create_app
from app.settings import Settings
from tests.support.openapi_changes import changes, part_of
from tortoise_kit.problems.errors import MEDIA_TYPE

TESTS = Path(__file__).parents[1]
ACCEPT = "uv run pytest tests/contract/test_openapi.py --accept-api"


def document() -> dict[str, Any]:
    return create_app(Settings(environment="test")).openapi()


def parts() -> Iterator[tuple[Path, dict[str, Any]]]:
    """What each file should hold; a feature's operations have its name as their tag."""
    features = [feature.rpartition(".")[2] for feature in FEATURES]
    yield TESTS / "contract" / "openapi.json", part_of(document(), lambda tag: tag not in features)
    for feature in features:
        part = part_of(document(), feature.__eq__)
        if part["paths"]:
            yield TESTS / feature / "openapi.json", part


def test_the_api_is_the_one_that_its_clients_know(pytestconfig: pytest.Config) -> None:
    found = []
    for file, part in parts():
        if pytestconfig.getoption("--accept-api") or pytestconfig.getoption("--accept-api-of") == file.parent.name:
            file.write_text(json.dumps(part, indent=1) + "\n", encoding="utf-8")
        found += changes(json.loads(file.read_text(encoding="utf-8")), part)

    assert not found, "\n".join(["The API changed for its clients:", *found, f"If that is meant: {ACCEPT}"])


def test_schemas_have_short_names_of_their_own() -> None:
    names = document()["components"]["schemas"]

    assert not [name for name in names if not name.isalnum() or "Columns" in name or "Generated" in name]


def test_each_operation_says_that_whatever_it_refuses_is_a_problem() -> None:
    operations = [operation for path in document()["paths"].values() for operation in path.values()]

    assert operations
    for operation in operations:
        errors = {status: each for status, each in operation["responses"].items() if not status.startswith("2")}
        assert {media for each in errors.values() for media in each["content"]} == {MEDIA_TYPE}
        assert "default" in errors


BEFORE: dict[str, Any] = {
    "paths": {
        "/orders": {
            "get": {
                "parameters": [{"name": "limit", "schema": {"maximum": 100}}, {"name": "cursor", "schema": {}}],
                "responses": {"200": {"description": "Fine"}},
            },
            "post": {"responses": {"201": {}}},
        }
    },
    "components": {"schemas": {"Order": {"required": ["id", "total"], "properties": {"id": {"type": "integer"}}}}},
}


def changed(*path: Any, to: Any = None) -> dict[str, Any]:
    after = deepcopy(BEFORE)
    part: Any = after
    for step in path[:-1]:
        part = part[step]
    if to is None:
        del part[path[-1]]
    else:
        part[path[-1]] = to
    return after


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        (BEFORE, []),
        (changed("paths", "/orders", "post"), ["POST /orders: gone"]),
        (changed("paths", "/orders", "put", to={}), ["PUT /orders: new"]),
        (
            changed("paths", "/orders", "get", "parameters", 0, "schema", "maximum", to=50),
            ["GET /orders, parameters, limit, schema, maximum: was 100, is 50"],
        ),
        (changed("paths", "/orders", "get", "parameters", 1), ["GET /orders, parameters, cursor: gone"]),
        (changed("paths", "/orders", "get", "responses", "200", "description", to="Good"), []),
        (changed("components", "schemas", "Order", "required", to=["id"]), ["schema Order, required, total: gone"]),
        (
            changed("components", "schemas", "Order", "properties", "id", "type", to="string"),
            ["schema Order, properties, id, type: was 'integer', is 'string'"],
        ),
    ],
)
def test_a_change_is_told_as_a_client_notices_it(after: dict[str, Any], lines: list[str]) -> None:
    assert changes(BEFORE, after) == lines


def test_the_order_of_parameters_is_no_change() -> None:
    parameters = BEFORE["paths"]["/orders"]["get"]["parameters"]

    assert changes(BEFORE, changed("paths", "/orders", "get", "parameters", to=parameters[::-1])) == []
