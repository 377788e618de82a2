"""Headless Chromium for tests of pages, by the DevTools protocol over two pipes: no driver and no port."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from tests.support.waiting import PATIENCE_SECONDS

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@dataclass
class Page:
    """One page. `evaluate` runs a JavaScript expression in it."""

    to_browser: BinaryIO
    from_browser: BinaryIO
    session: str = ""
    _ids: count[int] = field(default_factory=lambda: count(1))

    def call(self, method: str, **params: object) -> Any:
        """The result of a method of the DevTools protocol."""
        number = next(self._ids)
        message = {"id": number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.to_browser.write(json.dumps(message).encode() + b"\0")
        self.to_browser.flush()
        while (answer := self._read()).get("id") != number:
            pass  # an event
        return answer["result"]

    def _read(self) -> dict[str, Any]:
        received = bytearray()
        while (byte := self.from_browser.read(1)) != b"\0":
            assert byte, "the browser has ended"
            received += byte
        message: dict[str, Any] = json.loads(received)
        return message

    def evaluate(self, expression: str) -> Any:
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def wait_for(self, expression: str) -> Any:
        """The first value of the expression that is true."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (value := self.evaluate(expression)):
            assert time.monotonic() < deadline, f"{expression}: {value}"
            time.sleep(0.05)
        return value

    def press(self, key: str) -> None:
        """Presses Tab or Enter, as a person without a mouse does."""
        code, text = {"Tab": (9, ""), "Enter": (13, "\r")}[key]
        keys = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **keys)
        self.call("Input.dispatchKeyEvent", type="keyUp", **keys)


@contextmanager
def open_page(url: str, folder: Path, width: int = 400) -> Iterator[Page]:
    """Opens `url` in a new browser, whose profile is in `folder`."""
    reads, to_browser = os.pipe()
    from_browser, writes = os.pipe()
    command = [
        *(str(BROWSER), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
        *("--disable-dev-shm-usage", f"--user-data-dir={folder / 'profile'}", "--remote-debugging-pipe"),
    ]
    # The protocol wants the descriptors 3 and 4. Other numbers first, so that none overwrites the other.
    child = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, 20) for descriptor in (reads, writes)]
    shell = ["bash", "-c", f'exec "$@" 3<&{child[0]} 4>&{child[1]}', "bash", *command]
    process = subprocess.Popen(shell, pass_fds=child, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for descriptor in (reads, writes, *child):
        os.close(descriptor)
    try:
        with open(to_browser, "wb") as writer, open(from_browser, "rb") as reader:  # noqa: PTH123 - descriptors
            page = Page(writer, reader)
            target = page.call("Target.createTarget", url="about:blank")["targetId"]
            page.session = page.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            page.call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
            page.call("Page.navigate", url=url)
            page.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")
            yield page
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)
