"""JSON before it is parsed: its encoding, and how deep it is nested."""

import re
from itertools import accumulate

# The closing quote is optional, so that a text is matched once, and not again from each quote inside it.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_OPENING, _CLOSING = b"[{", b"]}"
_NO_BRACKETS = bytes(set(range(256)) - set(_OPENING + _CLOSING))
_STEPS = [(byte in _OPENING) - (byte in _CLOSING) for byte in range(256)]


def json_depth(text: bytes) -> int:
    """The deepest nesting of lists and objects, without recursion and in linear time.

    Args:
        text: JSON in UTF-8; for anything else the result is meaningless, but as fast.
    """
    brackets = _STRING.sub(b"", text).translate(None, delete=_NO_BRACKETS)
    return max(accumulate(map(_STEPS.__getitem__, brackets), initial=0))


def is_utf_8(text: bytes) -> bool:
    """Whether it is UTF-8, without NUL: with one it is another encoding, or no JSON."""
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in text
