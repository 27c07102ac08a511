"""structlog, read at 26.1: it imports rich where that is installed, 4 MiB, for tracebacks that the kit does not render.

All that the kit uses of structlog comes from here, so that nothing imports it before.
"""

import sys
from typing import Any

_modules: dict[str, Any] = sys.modules
_without_rich = "rich" not in _modules
if _without_rich:
    _modules["rich"] = None  # an import of it fails, which structlog expects

import structlog  # noqa: E402 -- rich is hidden by now
from structlog.contextvars import bind_contextvars, clear_contextvars  # noqa: E402
from structlog.stdlib import render_to_log_kwargs  # noqa: E402
from structlog.typing import EventDict, Processor, WrappedLogger  # noqa: E402

if _without_rich:
    del _modules["rich"]

__all__ = [
    "EventDict",
    "Processor",
    "WrappedLogger",
    "bind_contextvars",
    "clear_contextvars",
    "render_to_log_kwargs",
    "structlog",
]
