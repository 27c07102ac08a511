"""Inspects every response and log line of the suite: none may disclose what a client must not know.

Installed by the plugin. What is found fails the test that ran.
"""

import json
import logging
import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl

import httpx2
import pytest

CANARY = "c4nary-7f3a"
"""Part of what hostile requests send; no problem and no log line may hold it."""

# Words of databases, drivers and Python that no client may read; the suite's own names hold none of them.
INTERNAL = re.compile(
    r"constraint|asyncpg|sqlite3?\b|postgres|Traceback|relation \"|\bSQLSTATE\b|"
    r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b|tortoise|\$argon2|/site-packages/|\bDETAIL:|duplicate key",
    re.IGNORECASE,
)
CLIENT_LOGGERS = ("httpx2", "httpcore2")  # the suite's side of a call
ECHO_LENGTH = 9  # characters; a shorter text, such as `password`, may be in a response by chance


class Disclosures(logging.Handler):
    """What responses and log lines have disclosed since the last test.

    Args:
        secrets: Texts that neither may hold.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__()
        self.secrets = secrets
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Note a line that holds a secret; it may speak of databases, since logs are for operators."""
        if record.name.startswith(CLIENT_LOGGERS):
            return
        line = f"{record.getMessage()} {record.exc_info and record.exc_info[1]}"
        self.found.extend(f"the log of {record.name} holds {each!r}" for each in self.secrets if each in line)

    def look_at(self, response: httpx2.Response) -> None:
        """Note what a problem repeats or discloses; a good response holds what it is asked for."""
        if not response.is_error or not response.is_closed:
            return
        text, request = response.text, response.request
        where = f"{request.method} {request.url.path}: {response.status_code}"
        if internal := INTERNAL.search(text):
            self.found.append(f"{where} discloses {internal[0]!r}")
        self.found.extend(f"{where} holds a secret" for each in self.secrets if each in text)
        self.found.extend(f"{where} repeats {each!r}" for each in _sent(request) if each in text)

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        """Look at the responses of all clients of httpx2 from now on."""
        send = httpx2.AsyncClient.send

        async def send_and_look(
            client: httpx2.AsyncClient, request: httpx2.Request, **options: object
        ) -> httpx2.Response:
            response = await send(client, request, **options)  # type: ignore[arg-type]  # as it was called
            self.look_at(response)
            return response

        patch.setattr(httpx2.AsyncClient, "send", send_and_look)


def _sent(request: httpx2.Request) -> set[str]:
    """The texts of a request's query and body that no response would hold by chance."""
    given = [value for _, value in parse_qsl(request.url.query.decode("ascii", "replace"))]
    kind = request.headers.get("content-type", "")
    try:
        body = request.content
    except httpx2.RequestNotRead:
        body = b""
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
