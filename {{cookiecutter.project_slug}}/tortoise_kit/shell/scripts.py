"""Run source code that may await at its top level."""

import ast
import linecache
from inspect import CO_COROUTINE
from typing import Any


async def run_source(source: str, namespace: dict[str, Any], filename: str) -> BaseException | None:
    """Run a script, and return the error that ended it, if any. SystemExit, too, is returned.

    Args:
        source: Python, which may `await` outside of functions.
        namespace: Its global variables; the script adds its own.
        filename: How tracebacks call it.
    """
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    try:
        code = compile(source, filename, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        result = eval(code, namespace)  # noqa: S307 -- the user's own code
        if code.co_flags & CO_COROUTINE:
            await result
    except (Exception, SystemExit) as error:  # noqa: BLE001 -- whatever the script raises
        return from_frame_of(error, filename)
    return None


def from_frame_of[E: BaseException](error: E, filename: str) -> E:
    """The error with a traceback that begins in this file, if it was raised there."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != filename:
        trace = trace.tb_next
    return error.with_traceback(trace)
