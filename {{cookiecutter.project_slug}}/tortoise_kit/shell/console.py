"""A prompt and scripts that take `await`.

The prompt is in the main thread, where Python handles Ctrl-C. Its event loop runs in another one, so tasks proceed
while the prompt waits, and pools close connections that are not used.
"""

import ast
import linecache
import rlcompleter
import sys
from code import InteractiveConsole
from collections.abc import Callable, Coroutine, Generator
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from inspect import CO_COROUTINE
from pathlib import Path
from threading import Event
from types import CodeType
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal

FILENAME = "<console>"
HISTORY_LINES = 1000
CANCEL_SECONDS = 5.0  # a statement that is cancelled ends sooner


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
        return _from_frame_of(error, filename)
    return None


def _from_frame_of[E: BaseException](error: E, filename: str) -> E:
    """The error with a traceback that begins in this file, if it was raised there."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != filename:
        trace = trace.tb_next
    return error.with_traceback(trace)


def interact[Context](
    opened: AbstractAsyncContextManager[Context],
    begin: Callable[[Context], tuple[dict[str, Any], str]],
    *,
    history: Path,
) -> None:
    """Read and run code from the terminal until `exit()` or Ctrl-D. Ctrl-C ends what runs, and not the prompt.

    Code with `await` runs in the event loop; other code runs in the main thread, outside of it.

    Args:
        opened: What is open meanwhile, such as a database; its errors are raised.
        begin: Returns the variables at the prompt, and the text before the first one, from what was opened.
        history: A file for the lines that were typed, created for its owner only; it need not be writable.
    """
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(opened) as context:
        variables, banner = begin(context)
        with _editing(history, variables):
            AsyncConsole({"__name__": "__console__", **variables}, portal).interact(banner, exitmsg="")


class AsyncConsole(InteractiveConsole):
    """Python's console, which awaits what it runs in another thread.

    Args:
        variables: At the prompt.
        portal: Into the event loop.
    """

    def __init__(self, variables: dict[str, Any], portal: BlockingPortal) -> None:
        super().__init__(variables, filename=FILENAME)
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._portal = portal

    def runcode(self, code: CodeType) -> None:
        """Run what was typed; only SystemExit is raised."""
        try:
            result = eval(code, self.locals)  # noqa: S307 -- the user's own code
            if code.co_flags & CO_COROUTINE:
                self._wait_for(result)
        except KeyboardInterrupt:
            self.write("\nKeyboardInterrupt\n")
        except SystemExit:
            raise
        except BaseException as error:  # noqa: BLE001 -- a console shows it
            sys.excepthook(type(error), error, _from_frame_of(error, FILENAME).__traceback__)

    def _wait_for(self, work: Coroutine[Any, Any, None]) -> None:
        """Run it in the event loop; Ctrl-C cancels it."""
        ended = Event()
        future = self._portal.start_task_soon(_outcome, work, ended)
        try:
            error = future.result()
        except KeyboardInterrupt:
            future.cancel()
            ended.wait(CANCEL_SECONDS)
            raise
        if error is not None:
            raise error


async def _outcome(work: Coroutine[Any, Any, None], ended: Event) -> BaseException | None:
    """The error of what was typed: raised here, SystemExit would end the event loop."""
    try:
        await work
    except (Exception, SystemExit, KeyboardInterrupt) as error:  # noqa: BLE001 -- raised again in the main thread
        return error
    finally:
        ended.set()
    return None


@contextmanager
def _editing(history: Path, variables: dict[str, Any]) -> Generator[None]:
    """Lines can be edited, completed and recalled, where Python has readline."""
    try:
        import readline  # noqa: PLC0415 -- not on Windows
    except ImportError:
        yield
        return
    readline.set_completer(rlcompleter.Completer(variables).complete)
    readline.parse_and_bind("bind ^I rl_complete" if "libedit" in (readline.__doc__ or "") else "tab: complete")
    readline.set_history_length(HISTORY_LINES)
    with suppress(OSError):
        readline.read_history_file(history)
    try:
        yield
    finally:
        with suppress(OSError):
            history.touch(mode=0o600)  # what was typed may be secret
            readline.write_history_file(history)
