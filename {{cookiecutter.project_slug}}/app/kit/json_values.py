"""JSON that both databases store and find alike: what may come from a client, and what contains what.

`containing("attributes", '{"size": {"unit": "cm"}}')` filters a JSON column by containment, as Postgres' `@>` means it:
an object contains another that has no other members, each contained in its own; an array contains another of which it
contains each element, in any order and number; anything else contains its equal. 1 and 1.0 are equal, 1 and true not.
Postgres finds the rows by a GIN index with `jsonb_path_ops`. SQLite calls `contains` for each row: the engine
registers it, as JSON_CONTAINS.
"""

import json
import math
import re
from decimal import Decimal
from functools import lru_cache, partial
from typing import Annotated, Any

from pydantic import AfterValidator, Field, JsonValue
from pydantic_core import PydanticCustomError

from app.kit.conditions import SQLCondition, Template

SQLITE_FUNCTION = "json_contains"
DEPTH_MAX = 32  # of what is stored: deep enough for any form, shallow enough for any reader's stack
FILTER_DEPTH_MAX = 8
FILTER_LENGTH_MAX = 1_000  # characters
TOO_DEEP = "It is nested too deep"
NO_CHARACTER = re.compile("[\0\ud800-\udfff]")

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


def _wrong(value: Any, depth: int) -> str | None:
    """What of a value one of the databases could not store, or would store as another."""
    if isinstance(value, dict | list):
        parts = value if isinstance(value, list) else [*value, *value.values()]
        return next((wrong for part in parts if (wrong := _wrong(part, depth - 1))), None) if depth else TOO_DEEP
    if isinstance(value, str) and NO_CHARACTER.search(value):
        return "It has a character that is none: U+0000, or half of a pair"
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return "It has an integer of more than 64 bits"
    if isinstance(value, float) and not math.isfinite(value):
        return "It has a number that JSON does not have, or too large a one"
    return None


def _checked[Value](value: Value, *, depth: int) -> Value:
    if wrong := _wrong(value, depth):
        kind = "json_value"
        raise PydanticCustomError(kind, wrong)
    return value


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
    return json.dumps(_checked(value, depth=FILTER_DEPTH_MAX), ensure_ascii=False, sort_keys=True)


JSONObject = Annotated[dict[str, JsonValue], AfterValidator(partial(_checked, depth=DEPTH_MAX))]
"""A JSON object in a body, which both databases can store as it is."""

JSONObjectText = Annotated[str, Field(max_length=FILTER_LENGTH_MAX), AfterValidator(_canonical)]
"""A JSON object as the text of a query parameter, with its members sorted."""
