"""JSON that both databases find alike: what contains what.

`containing("attributes", '{"size": {"unit": "cm"}}')` filters a JSON column by containment, as Postgres' `@>` means it:
an object contains another that has no other members, each contained in its own; an array contains another of which it
contains each element, in any order and number; anything else contains its equal. 1 and 1.0 are equal, 1 and true not.
Postgres finds the rows by a GIN index with `jsonb_path_ops`. SQLite calls `contains` for each row: the engine
registers it, as JSON_CONTAINS.
"""

import json
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from tortoise_kit.schemas.text_types import storable_json
from tortoise_kit.sql.conditions import DialectSQL, SQLCondition
from tortoise_kit.sql.sqlite_functions import JSON_CONTAINS

FILTER_DEPTH_MAX = 8
FILTER_LENGTH_MAX = 1_000  # characters

CONTAINS = DialectSQL(postgres="{column} @> CAST({value} AS jsonb)", sqlite=f"{JSON_CONTAINS}({{column}}, {{value}})")


def containing(field: str, value: str) -> SQLCondition:
    """The condition that a JSON column contains `value`, a JSON text such as `JSONObjectText`."""
    return SQLCondition(field, CONTAINS, value)


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(members)) < len(members):
        kind, message = "json_repeated", "Each member is given once"
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
    return json.dumps(storable_json(value, depth=FILTER_DEPTH_MAX), ensure_ascii=False, sort_keys=True)


JSONObjectText = Annotated[str, Field(max_length=FILTER_LENGTH_MAX), AfterValidator(_canonical)]
"""A JSON object as the text of a query parameter, with its members sorted."""
