"""What changed in an OpenAPI document, as its clients notice it."""

import json
from copy import deepcopy
from typing import Any

import pytest

from tortoise_kit.development.testing import as_text, changes

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
def test_a_change_is_reported_as_a_client_notices_it(after: dict[str, Any], lines: list[str]) -> None:
    assert changes(BEFORE, after) == lines


def test_another_order_of_parameters_is_not_a_change() -> None:
    parameters = BEFORE["paths"]["/orders"]["get"]["parameters"]

    assert changes(BEFORE, changed("paths", "/orders", "get", "parameters", to=parameters[::-1])) == []


def test_the_text_is_the_document_with_short_values_on_one_line() -> None:
    assert json.loads(as_text(BEFORE)) == BEFORE
    assert max(map(len, as_text(BEFORE).splitlines())) <= 120
    assert as_text({"a": [1, {}], "b": "x" * 120}).splitlines()[1] == ' "a": [1, {}],'
