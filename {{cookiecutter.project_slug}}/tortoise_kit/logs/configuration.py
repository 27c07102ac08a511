"""One configuration of logging for a process: what the service, uvicorn, asyncpg and Tortoise log, structlog renders.

Records of the standard library keep their `extra`. What `structlog.contextvars` binds, such as a request's id, is in
every line of its request.
"""

import logging
import os
import sys
from datetime import UTC, datetime
from typing import Any, Literal, TextIO, override

from pydantic_core import to_json

from tortoise_kit.logs.errors import describe, named, place
from tortoise_kit.logs.records import configure_records, is_news
from tortoise_kit.upstream.structlog import EventDict, Processor, WrappedLogger, render_to_log_kwargs, structlog

type Renderer = Literal["json", "console"]

# At DEBUG these log statements with their values, password hashes too.
WITH_VALUES = ("aiosqlite", "tortoise.db_client")
# Servers configure these themselves, and the access log repeats query strings.
SERVER_LOGGERS = ("uvicorn", "uvicorn.error", "uvicorn.asgi", "uvicorn.access")
OWN_ACCESS_LOG = "uvicorn.access"


def configure_logging(*, level: str, renderer: Renderer, values: bool = False, stream: TextIO | None = None) -> None:
    """Let structlog render all that this process logs, in place of what was configured before.

    Args:
        level: The least level that is logged, such as `info`.
        renderer: `json` for one object a line, `console` for people.
        values: Whether errors are logged with their texts, which may repeat what a client sent; in production never.
        stream: Where to write; standard error by default, as servers do.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="timestamp"),
        _add_process,
        _without_color,
        *([] if values else [_describe_error]),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr) if values else _Handler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(renderer, handler)],
        )
    )
    _install(handler, level, values=values)
    line = [structlog.contextvars.merge_contextvars, _stamped, *_rendering(renderer, handler)]
    _lines.logger = _Lines(line, handler.stream)
    _lines.logs_info = logging.getLevelNamesMapping()[level.upper()] <= logging.INFO


def log_line(event: str, **fields: Any) -> None:
    """Log at INFO what happens for each request. It passes the standard library, which costs twice as much, by."""
    if _lines.logs_info:
        _lines.logger.info(event, **fields)


def logs_lines() -> bool:
    """Whether the log has these lines at its level; else what they say need not be computed."""
    return _lines.logs_info


class _Handler(logging.StreamHandler[TextIO]):
    """Says of a record that cannot be rendered where it was logged; the standard library would print its arguments."""

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):  # the line cannot be written, nor could another one
            where = place(record.pathname, record.lineno)
            _lines.logger.error("log.failed", logger=record.name, error=named(error), place=where)


class _Lines:
    """Writes whole lines, so that those of several workers do not mix.

    It calls structlog's processors itself: structlog's own loggers take twice as long to reach them.
    """

    def __init__(self, processors: list[Processor], stream: TextIO) -> None:
        self._processors = processors
        self._stream = stream

    def info(self, event: str, **fields: Any) -> None:
        """Write a line of the level `info`."""
        self._write("info", event, fields)

    def error(self, event: str, **fields: Any) -> None:
        """Write a line of the level `error`."""
        self._write("error", event, fields)

    def _write(self, level: str, event: str, fields: EventDict) -> None:
        line: Any = {**fields, "event": event}
        for processor in self._processors:
            line = processor(None, level, line)
        try:  # `suppress` costs 0.3 µs a line
            self._stream.write(f"{line}\n")
            self._stream.flush()
        except OSError:
            pass  # a full disk is no reason to fail a request; `logging` drops the line, too


class _Unconfigured:
    """Where `log_line` logs: as the standard library does until logging is configured."""

    logger: Any = structlog.wrap_logger(logging.getLogger("tortoise_kit.lines"), processors=[render_to_log_kwargs])
    logs_info = True


_lines = _Unconfigured()


def _install(handler: logging.Handler, level: str, *, values: bool) -> None:
    root = logging.getLogger()
    for each in root.handlers[:]:
        root.removeHandler(each)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in SERVER_LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        # Without a handler uvicorn does not even prepare the lines of its access log.
        logger.propagate, logger.disabled = name != OWN_ACCESS_LOG, name == OWN_ACCESS_LOG
        logger.setLevel(logging.NOTSET)
        logger.filters[:] = [is_news]
    for name in WITH_VALUES:
        logging.getLogger(name).setLevel(logging.INFO)
    configure_records(values=values)


def _rendering(renderer: Renderer, handler: logging.StreamHandler[Any]) -> list[Processor]:
    if renderer == "json":
        return [structlog.processors.JSONRenderer(_json)]
    return [
        structlog.dev.ConsoleRenderer(
            colors=handler.stream.isatty(), exception_formatter=structlog.dev.plain_traceback, sort_keys=False
        )
    ]


def _json(event: EventDict, **_: Any) -> str:
    return to_json(event, fallback=str, inf_nan_mode="strings").decode()


def _stamped(_: WrappedLogger, level: str, event: EventDict) -> EventDict:
    """What the shared processors add, in one step."""
    event["level"] = level
    event["timestamp"] = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    event["process"] = os.getpid()
    return event


def _add_process(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Which worker logs."""
    event["process"] = os.getpid()
    return event


def _without_color(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A text for terminals, by uvicorn, repeats the message."""
    event.pop("color_message", None)
    return event


def _describe_error(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The error of a line, without its text."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = describe(error)
    return event
