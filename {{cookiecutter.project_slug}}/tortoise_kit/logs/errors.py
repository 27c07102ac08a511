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

MEMBERS_MAX = 10  # of a group: a line must stay readable


def describe(error: BaseException) -> dict[str, Any]:
    """What a log says of an error, without any text or value.

    Returns:
        `type`, with the SQLSTATE of a database's error; `place`, the last line of the service's own code, or else of
        any, such as `app/orders/service.py:31 in place_order`; `causes`, what led to it, each with `type` and `place`;
        `members`, the same for the first errors of a group; `frames`, all lines from the first one of this code on, in
        the order of the calls.
    """
    frames = [name for name, _ in _frames(error.__traceback__)]
    return {**_one(error), "causes": [_one(each) for each in _causes(error)], "frames": frames}


def _one(error: BaseException) -> dict[str, Any]:
    frames = _frames(error.__traceback__)
    own = [name for name, is_own in frames if is_own]
    found: dict[str, Any] = {
        "type": named(error),
        "place": (own or [name for name, _ in frames] or ["unknown"])[-1],
    }
    if members := _members(error):
        found["members"] = [_one(each) for each in members]
    return found


def without_values(error: BaseException) -> BaseException:
    """A stand-in for loggers and error trackers: an error of the same name, with its causes and its traceback.

    Its text is the SQLSTATE of a database's error, or empty; no attribute is kept. A group has stand-ins of its first
    members.
    """
    found: BaseException | None = None
    for each in reversed([error, *_causes(error)]):
        stand_in = _stand_in(each)
        stand_in.__cause__, found = found, stand_in
    assert found is not None  # noqa: S101 -- the list has one member at least
    return found


def _stand_in(error: BaseException) -> BaseException:
    kind, state, members = type(error), _state(error), _members(error)
    if members:
        made = _kind(kind.__module__, kind.__qualname__, ExceptionGroup)(state, [_stand_in(each) for each in members])
    else:
        made = _kind(kind.__module__, kind.__qualname__, Exception)(state)
    made.sqlstate = state
    stand_in: BaseException = made.with_traceback(own_part(error.__traceback__))
    return stand_in


def own_part(tb: TracebackType | None) -> TracebackType | None:
    """A traceback from the first line of the service's code on; the whole one if it has no such line."""
    first = tb
    while first is not None and not is_own_code(first.tb_frame.f_code.co_filename):
        first = first.tb_next
    return first or tb


def place(filename: str, line: int) -> str:
    """A line of code, such as `app/orders/service.py:31`."""
    return f"{is_own_code(filename) or filename}:{line}"


def named(error: BaseException) -> str:
    """The type of an error, with the SQLSTATE of a database's."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    state = _state(error)
    return f"{name} ({state})" if state else name


def _frames(tb: TracebackType | None) -> list[tuple[str, bool]]:
    """The frames, each with whether it is in the service's code."""
    return [
        (f"{place(frame.filename, frame.lineno or 0)} in {frame.name}", is_own_code(frame.filename) is not None)
        for frame in traceback.extract_tb(own_part(tb))
    ]


def _members(error: BaseException) -> list[BaseException]:
    return list(error.exceptions[:MEMBERS_MAX]) if isinstance(error, BaseExceptionGroup) else []


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen = {id(error)}
    current: BaseException | None = error
    while current is not None:
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
        if current is None or id(current) in seen:
            return
        seen.add(id(current))
        yield current


def _state(error: BaseException) -> str:
    return str(getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None) or "")


@lru_cache(maxsize=256)
def _kind(module: str, qualname: str, base: type[Exception]) -> Any:
    return type(qualname.rpartition(".")[2], (base,), {"__module__": module, "__qualname__": qualname})
