"""What nobody expected: an answer for the client, and a log entry that holds no value of theirs.

An error's own text may repeat what was sent: asyncpg's `DataError` quotes parameters, `int()` its argument. So the
entry has the types of the errors, SQLSTATE and the lines of code, and no text.
"""

import logging
import traceback
from collections.abc import Iterator

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tortoise_kit.http.metrics import route_template
from tortoise_kit.http.problem_responses import bug_response

log = logging.getLogger(__name__)


class ResponseInterrupted(Exception):
    """An error came in the middle of an answer; raised in its place, so that the server closes the connection."""


def describe_error(error: BaseException) -> str:
    """An error, its causes and its lines of code, without any text or value."""
    return (
        " <- ".join(_named(each) for each in _chain(error)) + "\n" + "".join(traceback.format_tb(error.__traceback__))
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    seen = set[int]()
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _named(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    state = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    return f"{name} ({state})" if state else name


class ServerErrorMiddleware:
    """Answer an error that no handler knows with a 500 problem, from inside the middlewares that add headers.

    Args:
        app: The application inside.
        hand_on: Raise it again, so that a test fails and a developer's console shows its text; in production nobody
            may, since servers log all of it.
    """

    def __init__(self, app: ASGIApp, *, reraise: bool) -> None:
        self.app = app
        self.reraise = reraise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception as error:
            if not self.reraise:
                log.error("%s %s failed: %s", scope["method"], route_template(scope), describe_error(error))  # noqa: TRY400 -- values
            if not started:
                await bug_response(Request(scope))(scope, receive, send)
            if self.reraise:
                raise
            if started:
                raise ResponseInterrupted(type(error).__name__) from None
