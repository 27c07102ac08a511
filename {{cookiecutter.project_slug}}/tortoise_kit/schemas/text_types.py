"""Values that both databases store, and that an answer can hold; anything else is an error of validation."""

from typing import Annotated, Any

from pydantic import AfterValidator, JsonValue
from pydantic_core import PydanticCustomError

DEPTH_MAX = 32  # of JSON that is stored: deep enough for any form, shallow enough for any reader's stack


def encodable(text: str) -> str:
    """Text without lone surrogates, which UTF-8 does not have, and JSON's escapes do."""
    try:
        text.encode()
    except UnicodeEncodeError:
        kind, message = "text_surrogate", "Text must not contain lone surrogates"
        raise PydanticCustomError(kind, message) from None  # the cause would show the text
    return text


def storable(text: str) -> str:
    """Text without lone surrogates, and without U+0000, which Postgres refuses."""
    if "\0" in text:
        kind, message = "text_nul", "Text must not contain the character U+0000"
        raise PydanticCustomError(kind, message)
    return encodable(text)


def storable_json[Value](value: Value, *, depth: int = DEPTH_MAX) -> Value:
    """JSON of storable texts and of numbers that every reader has (RFC 8259, section 6), no deeper than `depth`."""
    left: list[tuple[Any, int]] = [(value, depth)]
    while left:
        each, levels = left.pop()
        if isinstance(each, dict | list):
            if not levels:
                kind, message = "json_depth", "It is nested too deep"
                raise PydanticCustomError(kind, message)
            parts = each if isinstance(each, list) else [*each, *each.values()]
            left += [(part, levels - 1) for part in parts]
        elif isinstance(each, str):
            storable(each)
        elif isinstance(each, int | float) and not -(2**63) <= each < 2**63:  # a NaN is within nothing
            kind, message = "json_number", "Numbers must be finite and fit into 64 bits"
            raise PydanticCustomError(kind, message)
    return value


JSONObject = Annotated[dict[str, JsonValue], AfterValidator(storable_json)]
"""What a client may put into a JSON column."""
