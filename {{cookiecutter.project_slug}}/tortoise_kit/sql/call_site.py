"""Where in the service's own code something was asked for: outside of the kit, of libraries and of Python itself."""

import sys
import sysconfig
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

_KIT = Path(__file__).parents[1]
_PROJECT = Path.cwd()
_FOREIGN = (_KIT, *(Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")))

_last: ContextVar[str | None] = ContextVar("last_call_site", default=None)


def call_site() -> str | None:
    """The innermost line of the service's own code on the way to the caller, such as `app/orders/queries.py:31`.

    A task has a stack of its own. Tortoise prefetches in tasks that begin in its own code: what they send is told by
    the line that was last found in their context, which is the one that awaits them.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if (place := _place(frame.f_code.co_filename)) is not None:
            _last.set(f"{place}:{frame.f_lineno}")
            break
        frame = frame.f_back
    return _last.get()


@lru_cache(maxsize=4096)
def _place(filename: str) -> str | None:
    path = Path(filename)
    if filename.startswith("<") or any(path.is_relative_to(folder) for folder in _FOREIGN):
        return None
    return path.relative_to(_PROJECT).as_posix() if path.is_relative_to(_PROJECT) else str(path)
