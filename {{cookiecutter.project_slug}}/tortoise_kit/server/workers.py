"""One worker or several."""

import sys
from typing import Any

import uvicorn
from uvicorn.config import STARTUP_FAILURE

from tortoise_kit.upstream.uvicorn_workers import Workers, WorkersConfig


def run_server(application: str, *, workers: int, **options: Any) -> None:
    """Serve until a signal, as `uvicorn.run` does.

    Of several workers, one that ends is replaced within a second, and one that cannot import or start the application
    ends the server: another would fail in the same way. uvicorn may wait for `timeout_worker_healthcheck`, starts
    workers again and again after a failed import, and exits with 0 after a failed start.

    Args:
        application: Where it is, such as `app.asgi:app`.
        workers: Processes, 1 or more.
        options: Those of `uvicorn.run`.

    Raises:
        SystemExit: With 3: a worker cannot start the application.
    """
    if workers == 1:
        uvicorn.run(application, **options)
        return
    config = WorkersConfig(application, workers=workers, **options)
    parent = Workers(config, [config.bind_socket()])
    parent.run()
    if parent.failed:
        sys.exit(STARTUP_FAILURE)
