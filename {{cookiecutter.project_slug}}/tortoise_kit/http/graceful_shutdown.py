"""Graceful shutdown: the time a load balancer needs to stop sending requests."""

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self


class GracefulShutdown:
    """Delay SIGTERM, while the server goes on listening and serving.

    A server that closes its listener at once, as uvicorn does, rejects what the balancer still sends it. Here the first
    SIGTERM only sets `begun`, which the readiness route reports; `seconds` later the server's own handler receives it.
    Further SIGTERMs until then are ignored: in a process group a worker gets one from the group and one from its
    parent. SIGINT is not delayed.

    Enter it while the server's handler is installed, as in an application's lifespan, so that each worker has one.
    Outside the main thread, where signals cannot be handled, it does nothing.

    Args:
        seconds: The delay, 0 or more; longer than the balancer takes to notice.
        on_begin: Called with the first SIGTERM.

    Attributes:
        begun: Whether the process was asked to stop.
    """

    def __init__(self, seconds: float, on_begin: Callable[[], None] = lambda: None) -> None:
        self.begun = False
        self._on_begin = on_begin
        self._seconds = seconds
        self._server_handler: Any = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._loop = asyncio.get_running_loop()
            self._server_handler = signal.signal(signal.SIGTERM, self._begin)
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        if self._server_handler is not None:
            signal.signal(signal.SIGTERM, self._server_handler)

    def _begin(self, _signal: int, _frame: FrameType | None) -> None:
        if not self.begun:
            self.begun = True
            self._on_begin()
            if self._seconds:
                self._loop.call_soon_threadsafe(self._loop.call_later, self._seconds, self._hand_over)
            else:
                self._hand_over()

    def _hand_over(self) -> None:
        signal.signal(signal.SIGTERM, self._server_handler)
        signal.raise_signal(signal.SIGTERM)
