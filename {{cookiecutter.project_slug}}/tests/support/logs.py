"""What a server process logs."""

import json
from collections.abc import Iterable
from typing import IO, Any

import anyio

from app.cli.server import PROTOCOL

SLOW = ("-m", "uvicorn", "--factory", "tests.support.slow_service:slow_service", "--http", PROTOCOL)


SECONDS = 5.0


LIMITS = {
    "REQUEST_WAIT_SECONDS": "1",
    "DB_CONNECT_TIMEOUT_SECONDS": "0.1",
    "DB_ACQUIRE_TIMEOUT_SECONDS": "0.2",
    "DB_LOCK_TIMEOUT_SECONDS": "0.3",
    "DB_STATEMENT_TIMEOUT_SECONDS": "0.4",
    "DB_COMMAND_TIMEOUT_SECONDS": "0.5",
    "REQUEST_DEADLINE_SECONDS": "1.5",
    "LOGIN_RATE_PER_ACCOUNT": "1/minute",
    "SLOW_STATEMENT_SECONDS": "0.0001",
    "ENVIRONMENT": "production",
    "SECRET_KEYS": "k" * 32,
    "SHUTDOWN_DELAY_SECONDS": "0",
    "METRICS_ENABLED": "true",
}


async def lines_of(log: IO[bytes], *request_ids: str) -> list[dict[str, Any]]:
    """All lines, once there is one for each of these requests."""
    with anyio.fail_after(SECONDS):
        while True:
            log.seek(0)
            lines = [json.loads(line) for line in log.read().splitlines() if line.startswith(b"{")]
            found = {line.get("request_id") for line in lines if line["event"] == "request"}
            if found >= set(request_ids):
                return lines
            await anyio.sleep(0.05)


def only(lines: Iterable[dict[str, Any]], event: str, request_id: str) -> dict[str, Any]:
    [line] = [each for each in lines if (each["event"], each.get("request_id")) == (event, request_id)]
    return line
