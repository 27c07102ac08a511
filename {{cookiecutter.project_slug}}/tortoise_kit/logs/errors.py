"""Errors without their text, which may repeat a value: asyncpg's `DataError` quotes parameters, `int()` its argument.

without_values(error)    a stand-in that loggers and error trackers may have
describe(error)          an error as data, for one line of a log
"""

import traceback
from collections.abc import Iterator
from functools import lru_cache
from types import TracebackType
from typing import Any

from tortoise_kit.sql.fingerprints import is_own_code


def describe(error: BaseException) -> dict[str, Any]:
    """What a log says of an error, without any text or value.

    Returns:
        `type`, with the SQLSTATE of a database's error; `causes`, the types of what led to it; `place`, the last line
        of the service's own code, or else of any, such as `app/orders/service.py:31 in place_order`; `frames`, all
        lines from the first one of this code on, in the order of the calls.
    """
    frames = _frames(error.__traceback__)
    own = [name for name, is_own in frames if is_own]
    return {
        "type": _named(error),
        "causes": [_named(each) for each in _causes(error)],
        "place": (own or [name for name, _ in frames] or ["unknown"])[-1],
        "frames": [name for name, _ in frames],
    }


def without_values(error: BaseException) -> BaseException:
    """A stand-in for loggers and error trackers: an error of the same name, with its causes and its traceback.

    Its text is the SQLSTATE of a database's error, or empty; no attribute is kept.
    """
    found: BaseException | None = None
    for each in reversed([error, *_causes(error)]):
        stand_in: BaseException = _kind(type(each).__module__, type(each).__qualname__)(_state(each))
        stand_in = stand_in.with_traceback(own_part(each.__traceback__))
        stand_in.sqlstate = _state(each)  # type: ignore[attr-defined]
        stand_in.__cause__, found = found, stand_in
    assert found is not None  # noqa: S101 -- the list has one member at least
    return found


def own_part(tb: TracebackType | None) -> TracebackType | None:
    """A traceback from the first line of the service's code on; the whole one if it has no such line."""
    first = tb
    while first is not None and not is_own_code(first.tb_frame.f_code.co_filename):
        first = first.tb_next
    return first or tb


def _frames(tb: TracebackType | None) -> list[tuple[str, bool]]:
    """The frames, each with whether it is in the service's code."""
    return [
        (f"{place or frame.filename}:{frame.lineno} in {frame.name}", place is not None)
        for frame in traceback.extract_tb(own_part(tb))
        for place in [is_own_code(frame.filename)]
    ]


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen = {id(error)}
    current: BaseException | None = error
    while current is not None:
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
        if current is None or id(current) in seen:
            return
        seen.add(id(current))
        yield current


def _named(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    state = _state(error)
    return f"{name} ({state})" if state else name


def _state(error: BaseException) -> str:
    return str(getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None) or "")


@lru_cache(maxsize=256)
def _kind(module: str, qualname: str) -> type[Exception]:
    return type(qualname.rpartition(".")[2], (Exception,), {"__module__": module, "__qualname__": qualname})
