"""A look at every answer and every line of the log of the whole suite: none may tell what a client must not know.

Installed by `conftest.py`. What is found fails the test that ran.
"""

import json
import logging
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

import httpx
import pytest

from app.settings import DEVELOPMENT_SECRET
from tests.support.hostile import CANARY

# Words of databases, drivers and Python that no client may read; the suite's own names hold none of them.
TELLING = re.compile(
    r"constraint|asyncpg|sqlite3?\b|postgres|Traceback|relation \"|\bSQLSTATE\b|"
    r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b|tortoise|\$argon2|/site-packages/|\bDETAIL:|duplicate key",
    re.IGNORECASE,
)
SECRETS = (CANARY, DEVELOPMENT_SECRET, "$argon2id$")
OWN = ("httpx", "httpcore")  # the suite's side of a call
ECHO_LENGTH = 9  # characters; what is shorter, such as `password`, may be a word of the answer by chance

found: list[str] = []


class Listener(logging.Handler):
    """Hears all that the service logs."""

    def emit(self, record: logging.LogRecord) -> None:
        """Note a line that holds a secret; its words may be of databases, since logs are for operators."""
        if record.name.startswith(OWN):
            return
        line = f"{record.getMessage()} {record.exc_info and record.exc_info[1]}"
        found.extend(f"the log of {record.name} holds {each!r}" for each in SECRETS if each in line)


def look_at(answer: httpx.Response) -> None:
    """Note what a problem repeats or gives away; a good answer holds what it is asked for."""
    if not answer.is_error or not answer.is_closed:
        return
    text, where = answer.text, f"{answer.request.method} {answer.request.url.path}: {answer.status_code}"
    if telling := TELLING.search(text):
        found.append(f"{where} tells {telling[0]!r}")
    found.extend(f"{where} holds a secret" for each in SECRETS if each in text)
    found.extend(f"{where} repeats {each!r}" for each in _sent(answer.request) if each in text)


def _sent(request: httpx.Request) -> set[str]:
    """The texts of a request's query and body that no answer would hold by chance."""
    given = [value for _, value in parse_qsl(request.url.query.decode("ascii", "replace"))]
    kind = request.headers.get("content-type", "")
    body = request.content if hasattr(request, "_content") else b""
    if "json" in kind:
        given += _texts(body)
    elif "urlencoded" in kind:
        given += [value for _, value in parse_qsl(body.decode("latin-1"))]
    return {value for value in given if len(value) >= ECHO_LENGTH}


def _texts(body: bytes) -> Iterator[str]:
    try:
        left = [json.loads(body)]
    except (ValueError, RecursionError):
        return
    while left:
        match left.pop():
            case str() as text:
                yield text
            case dict() as members:
                left += members.values()
            case list() as items:
                left += items


def watch(patch: pytest.MonkeyPatch) -> Listener:
    """Look at the answers of all clients of httpx, and at all that is logged, from now on."""
    send = httpx.AsyncClient.send

    async def send_and_look(self: httpx.AsyncClient, request: httpx.Request, **options: object) -> httpx.Response:
        answer = await send(self, request, **options)  # type: ignore[arg-type]  # as it was called
        look_at(answer)
        return answer

    patch.setattr(httpx.AsyncClient, "send", send_and_look)
    listener = Listener()
    logging.getLogger().addHandler(listener)
    return listener
