"""A server that speaks Gemini's generateContent."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FakeGemini(ThreadingHTTPServer):
    """Answers with `text` as the model's text, or with `status` and `body` as they are, after `delay_seconds`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.text = ""
        self.status = 200
        self.body: bytes | None = None
        self.delay_seconds = 0.0
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.paths: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def response_body(self) -> bytes:
        if self.body is not None:
            return self.body
        content = {"role": "model", "parts": [{"text": self.text}]}
        return json.dumps({"candidates": [{"content": content, "finishReason": "STOP"}]}).encode()


class _Handler(BaseHTTPRequestHandler):
    server: FakeGemini

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        self.server.requests.append(json.loads(self.rfile.read(length)))
        self.server.keys.append(self.headers["x-goog-api-key"])
        self.server.paths.append(self.path)
        time.sleep(self.server.delay_seconds)
        body = self.server.response_body()
        try:
            self.send_response(self.server.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except BrokenPipeError:
            return  # the client stopped waiting, as it should

    def log_message(self, *_: object) -> None:
        """Keeps the output of the tests free of access logs."""


@contextmanager
def running_gemini() -> Iterator[FakeGemini]:
    server = FakeGemini()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()
