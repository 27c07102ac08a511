"""Chromium without the internet, over its DevTools protocol: what a page loads, logs and shows."""

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.machines import open_directly

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
WAIT_SECONDS = 60
WINDOW = "1280,1000"


class Browser:
    """One page of a running Chromium.

    Attributes:
        events: What the page has reported, such as its requests and the entries of its log.
    """

    def __init__(self, connection: ClientConnection) -> None:
        self.events: list[dict[str, Any]] = []
        self._connection = connection
        self._calls = 0
        for domain in ("Page", "Log", "Network", "Runtime"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> Any:
        """The result of a method of the protocol."""
        self._calls += 1
        self._connection.send(json.dumps({"id": self._calls, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._connection.recv(timeout=WAIT_SECONDS))
            if message.get("id") == self._calls:
                assert "error" not in message, message
                return message["result"]
            self.events.append(message)

    def evaluate(self, script: str) -> Any:
        """The value of a JavaScript expression in the page."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait_for(self, script: str) -> None:
        """Wait until the expression is true."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not self.evaluate(script):
            assert time.monotonic() < deadline, f"never true: {script}\n{self.reported('Log.entryAdded')}"
            time.sleep(0.05)

    def click(self, selector: str) -> None:
        """Click the first element that the selector finds, once it is there."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.wait_for(f"!!{found}")
        self.evaluate(f"{found}.click()")

    def fill(self, selector: str, text: str) -> None:
        """Type a text into a field."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        self.call("Input.insertText", text=text)

    def reported(self, method: str) -> list[dict[str, Any]]:
        """What the page has reported by this event."""
        return [event["params"] for event in self.events if event.get("method") == method]

    def screenshot(self) -> bytes:
        """The visible part of the page, as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])


@contextmanager
def browser(folder: Path) -> Generator[Browser]:
    """A browser that reaches this machine only, with a new profile in the folder."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    assert program is not None, "Chromium is not installed: apt-get install chromium"
    options = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-port=0")
    offline = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with subprocess.Popen(
        [program, *options, offline, f"--window-size={WINDOW}", f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            with connect(_page(folder), max_size=None, proxy=None) as connection:
                yield Browser(connection)
        finally:
            process.terminate()


def _page(folder: Path) -> str:
    """The address of the first page."""
    active = folder / "DevToolsActivePort"
    deadline = time.monotonic() + WAIT_SECONDS
    while not (active.exists() and "\n" in active.read_text(encoding="utf-8")):
        assert time.monotonic() < deadline, "Chromium did not start"
        time.sleep(0.05)
    port = active.read_text(encoding="utf-8").splitlines()[0]
    with open_directly(f"http://127.0.0.1:{port}/json/list", timeout=WAIT_SECONDS) as response:
        pages = json.load(response)
    return str(next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page"))
