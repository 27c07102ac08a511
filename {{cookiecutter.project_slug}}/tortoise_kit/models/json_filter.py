"""A filter of JSON columns by containment, which finds the same rows on both databases.

Containment is that of Postgres' `@>` (its manual, section 8.14.3): an object contains another if it contains each of
its members; an array contains another if it contains each of its elements, in any order and number; anything else
contains its equal. 1 and 1.0 are equal, 1 and true are not. Postgres finds the rows by a GIN index with
`jsonb_path_ops`; SQLite calls a function for each row.
"""

import json
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from tortoise_kit.schemas.types import valid_json
from tortoise_kit.sql.conditions import JSON_CONTAINS, SQLCondition

FILTER_DEPTH_MAX = 8
FILTER_LENGTH_MAX = 1_000  # characters

POSTGRES = "{column} @> CAST({value} AS jsonb)"
SQLITE = f"{JSON_CONTAINS}({{column}}, {{value}})"


def containing(field: str, value: str) -> SQLCondition:
    """The condition that a JSON column contains `value`: `Product.filter(containing("attributes", '{"size": "XL"}'))`.

    Args:
        field: The name of the JSON column's field.
        value: JSON as text, such as a `JSONObjectText`.
    """
    return SQLCondition(field, value, postgres=POSTGRES, sqlite=SQLITE)


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(members)) < len(members):
        kind, message = "json_repeated", "Each member must be given only once"
        raise PydanticCustomError(kind, message)
    return found


def _canonical(text: str) -> str:
    try:
        value = json.loads(text, object_pairs_hook=_once)
    except (json.JSONDecodeError, RecursionError) as error:
        kind, message = "json_invalid", "It must be JSON"
        raise PydanticCustomError(kind, message) from error
    if not isinstance(value, dict):
        kind, message = "json_object", "It must be a JSON object"
        raise PydanticCustomError(kind, message)
    return json.dumps(valid_json(value, depth=FILTER_DEPTH_MAX), ensure_ascii=False, sort_keys=True)


JSONObjectText = Annotated[str, Field(max_length=FILTER_LENGTH_MAX), AfterValidator(_canonical)]
"""A query parameter that is a JSON object, as text with its members sorted: up to 1 000 characters, 8 levels deep."""
