"""What a process prints of errors: their types and places by every way, and a text by none."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from app.settings import PROJECT_FILE
from tortoise_kit.logs.errors import describe, without_values

CANARY = "c4nary"
START = """
import asyncio, gc, logging, os, threading, warnings
from tortoise_kit.logs import configure_logging, log_failed_start

configure_logging(level="info", renderer="json", values=VALUES)
log = logging.getLogger("mine")
VALUE = os.environ["VALUE"]

def fail(value=VALUE):
    raise ValueError(value)

async def fail_later(value=VALUE):
    await asyncio.sleep(0)
    fail(value)

class Unclosed:
    def __del__(self):
        fail()
"""
IN_LOOP = "async def main():\n    {}\n    await asyncio.sleep(0.01); gc.collect()\nasyncio.run(main())"
SERVER = """
server = logging.getLogger("uvicorn.error")
server.info('%s - "WebSocket %s" [accepted]', "x", "/?" + VALUE)
server.warning("Invalid HTTP request received.")
server.info("mine")
"""
WAYS = {
    "an error that is logged": ("try: fail()\nexcept ValueError: log.exception('mine')", "mine"),
    "an error in a message": (
        "try: fail()\nexcept ValueError as error: log.error('mine: %s', error)", "mine: ValueError"
    ),
    "an error as a message": ("try: fail()\nexcept ValueError as error: log.error(error)", "ValueError"),
    "a task that nobody awaits": (
        IN_LOOP.format("asyncio.create_task(fail_later())"), "Task exception was never retrieved"
    ),
    "a callback": (
        IN_LOOP.format("asyncio.get_running_loop().call_soon(fail, VALUE)"), "Exception in callback"
    ),
    "a thread": ("it = threading.Thread(target=fail, args=(VALUE,)); it.start(); it.join()", "thread.failed"),
    "a finalizer": ("Unclosed()", "finalizer.failed"),
    "a wrong call of a logger": ("log.info('%d orders', VALUE)", "log.failed"),
    "a warning": ("warnings.warn(VALUE)", "python.warning"),
    "the start": ("with log_failed_start(): fail()", "start.failed"),
    "the program": ("fail()", "process.failed"),
    "a server that says what a request's line says": (
        SERVER, "mine"
    ),
}  # fmt: skip


def printed(code: str, *, values: bool = False) -> str:
    ended = subprocess.run(  # noqa: S603 -- a line of this test
        [sys.executable, "-c", START.replace("VALUES", str(values)) + code],
        cwd=PROJECT_FILE.parent,
        env={**os.environ, "VALUE": CANARY},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    return ended.stderr


@pytest.mark.slow  # starts processes
@pytest.mark.parametrize("way", WAYS)
def test_an_error_is_one_line_without_its_text_by_whichever_way_it_comes(way: str) -> None:
    code, event = WAYS[way]
    text = printed(code)
    [line] = [json.loads(each) for each in text.splitlines()]

    assert line["event"] == event
    assert CANARY not in text


@pytest.mark.slow
def test_in_development_errors_have_their_texts() -> None:
    assert CANARY in printed("try: fail()\nexcept ValueError: log.exception('mine')", values=True)
    assert CANARY in printed("with log_failed_start(): fail()", values=True)


def test_a_group_has_the_types_and_places_of_its_members_and_causes() -> None:
    def broken() -> None:
        failed = [caught(lambda: int(CANARY)), caught(lambda: dict[str, int]()[CANARY])]
        raise ExceptionGroup(CANARY, failed) from failed[0]

    found = caught(broken)
    for error in (found, without_values(found)):
        said = describe(error)

        assert [each["type"] for each in said["members"]] == ["ValueError", "KeyError"]
        assert all(each["place"].startswith("tests/kit/logs/test_records.py:") for each in said["members"])
        assert [each["type"] for each in said["causes"]] == ["ValueError"]
        assert said["causes"][0]["place"] == said["members"][0]["place"]
        assert CANARY not in str(said)
    assert isinstance(without_values(found), ExceptionGroup)


def caught(what: Callable[[], object]) -> Exception:
    """What it raises."""
    try:
        what()
    except Exception as error:  # noqa: BLE001 -- it is returned
        return error
    raise AssertionError
