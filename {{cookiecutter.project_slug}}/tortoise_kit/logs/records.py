"""Records without values, before any listener, such as an error tracker, sees them.

Texts of errors repeat values: `int()` quotes its argument. They reach a log by more ways than one: as the error of a
record, as an argument of its message, in what asyncio says of tasks and callbacks, and past the log in what Python
prints about threads, finalizers and warnings.
"""

import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, cast

from tortoise_kit.logs.errors import named, place, without_values

CALLBACK = "Exception in callback"
# What the server says of a request that has a line already: some with its query string, and none with its id.
REPEATED = (
    '%s - "WebSocket %s" ',
    "ASGI callable returned without completing handshake.",
    "Invalid HTTP request received.",
)
START_FAILED = 3  # an exit code by which uvicorn stops its other workers, and does not start this one again
log = logging.getLogger(__name__)


class LoggedErrors:
    """How many entries of this process's log had an error, at level `error` or above."""

    count = 0


def configure_records(*, values: bool) -> None:
    """Let the process's records, and what Python prints by itself, have texts of errors or not."""
    logging.setLogRecordFactory(counted_record if values else record_without_values)
    logging.captureWarnings(capture=values)
    if values:
        threading.excepthook, sys.unraisablehook, sys.excepthook = (
            threading.__excepthook__, sys.__unraisablehook__, sys.__excepthook__
        )  # fmt: skip
    else:
        threading.excepthook, sys.unraisablehook, sys.excepthook = _on_thread, _on_unraisable, _on_process
        warnings.showwarning = cast("Any", _on_warning)


def counted_record(*arguments: Any, **options: Any) -> logging.LogRecord:
    """A record; its error is counted."""
    record = logging.LogRecord(*arguments, **options)
    if record.exc_info and record.levelno >= logging.ERROR and not is_logged(record):
        LoggedErrors.count += 1
    return record


def record_without_values(*arguments: Any, **options: Any) -> logging.LogRecord:
    """The same, with a stand-in for its error, and without the texts of errors in its message."""
    record = counted_record(*arguments, **options)
    if record.exc_info and record.exc_info[1] is not None and not is_logged(record):
        stand_in = without_values(record.exc_info[1])
        record.exc_info = (type(stand_in), stand_in, stand_in.__traceback__)
    if isinstance(record.msg, BaseException):
        record.msg, record.args = _text(record.msg), ()
    elif isinstance(record.args, tuple) and record.args:
        record.args = tuple(map(_text, record.args))
    if record.name == "asyncio":
        record.msg, record.args = _first_words(record), ()
    return record


@contextmanager
def log_failed_start() -> Iterator[None]:
    """Log an error of this block as `start.failed`, and end the process; in development it is raised, with its text.

    Put it around what creates the application: Python, and each worker, would print a traceback.
    """
    try:
        yield
    except Exception as error:
        if logging.getLogRecordFactory() is not record_without_values:
            raise
        log_error("start.failed", error)
        raise SystemExit(START_FAILED) from None


def log_error(event: str, error: BaseException) -> None:
    """Log what a start or a stop raised; a text of the kit names code and settings, so it is the `reason`."""
    is_of_kit = type(error).__module__.startswith("tortoise_kit.")
    log.error(event, exc_info=error, extra={"reason": str(error)} if is_of_kit else {})


def is_logged(record: logging.LogRecord) -> bool:
    """Whether its error stands for one that has an entry, which its class says by `is_logged`."""
    return bool(record.exc_info and getattr(record.exc_info[0], "is_logged", False))


def is_news(record: logging.LogRecord) -> bool:
    """A filter for loggers of servers: nothing that has a line or an entry already."""
    repeats = isinstance(record.msg, str) and record.msg.startswith(REPEATED)
    return not (repeats or is_logged(record))


def _text(value: Any) -> Any:
    """The operating system's own texts have no values of clients; the other errors are named by their types."""
    if not isinstance(value, BaseException):
        return value
    return f"{named(value)}: {value.strerror}" if isinstance(value, OSError) and value.strerror else named(value)


def _first_words(record: logging.LogRecord) -> str:
    """What follows shows tasks, handles and callbacks, with their errors and arguments."""
    line = record.getMessage().partition("\n")[0]
    return CALLBACK if line.startswith(CALLBACK) else line.partition("<")[0].rstrip()


def _on_thread(given: threading.ExceptHookArgs) -> None:
    if given.exc_value is not None and not isinstance(given.exc_value, SystemExit):
        name = given.thread.name if given.thread else None
        log.error("thread.failed", exc_info=given.exc_value, extra={"thread_name": name})


def _on_unraisable(given: Any) -> None:
    """Of finalizers and other places where an error cannot be raised."""
    log.error("finalizer.failed", exc_info=given.exc_value)


def _on_process(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
    else:
        log.critical("process.failed", exc_info=error)


def _on_warning(_message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: Any) -> None:
    log.warning("python.warning", extra={"category": category.__name__, "place": place(filename, lineno)})
