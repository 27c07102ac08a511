"""SQL functions that Postgres has and SQLite lacks; the SQLite engine registers them on each connection."""

import json
from decimal import Decimal
from functools import lru_cache
from typing import Any

JSON_CONTAINS = "json_contains"


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
