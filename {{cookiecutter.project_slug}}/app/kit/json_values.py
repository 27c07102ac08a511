"""JSON that both databases find alike: what contains what.

`containing("attributes", '{"size": {"unit": "cm"}}')` filters a JSON column by containment, as Postgres' `@>` means it:
an object contains another that has no other members, each contained in its own; an array contains another of which it
contains each element, in any order and number; anything else contains its equal. 1 and 1.0 are equal, 1 and true not.
Postgres finds the rows by a GIN index with `jsonb_path_ops`. SQLite calls `contains` for each row: the engine
registers it, as JSON_CONTAINS.
"""

import json
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.kit.conditions import SQLCondition, Template
from app.kit.storable import storable_json

SQLITE_FUNCTION = "json_contains"
FILTER_DEPTH_MAX = 8
FILTER_LENGTH_MAX = 1_000  # characters

CONTAINS = Template(postgres="{column} @> CAST({value} AS jsonb)", sqlite=f"{SQLITE_FUNCTION}({{column}}, {{value}})")


def containing(field: str, value: str) -> SQLCondition:
    """The condition that a JSON column contains `value`, a JSON text such as `JSONObjectText`."""
    return SQLCondition(field, CONTAINS, value)


def contains(stored: str, wanted: str) -> bool:
    """Whether a JSON text contains another."""
    return _contains(json.loads(stored, parse_float=Decimal), _parsed(wanted))


@lru_cache(maxsize=16)
def _parsed(wanted: str) -> Any:
    """The same for each row of a statement."""
    return json.loads(wanted, parse_float=Decimal)


def _contains(stored: Any, wanted: Any) -> bool:
    match wanted:
        case dict():
            return isinstance(stored, dict) and all(
                name in stored and _contains(stored[name], value) for name, value in wanted.items()
            )
        case list():
            return isinstance(stored, list) and all(any(_contains(each, value) for each in stored) for value in wanted)
        case _:
            return isinstance(stored, bool) == isinstance(wanted, bool) and bool(stored == wanted)


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
