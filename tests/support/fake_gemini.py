"""A server that speaks Gemini's generateContent, with the rules of Google's that a request may break."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from tests.support.http_servers import Quiet, serving

_SHORTEST_DEADLINE_SECONDS: Final = 10


class FakeGemini(ThreadingHTTPServer):
    """Answers with `text` as the model's text, or with `status` and `body` as they are, after `delay_seconds`.

    Refuses what Google refuses of a request to gemini-3.5-flash-lite; docs/adr/0024-gemini.md names the sources.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.text = ""
        self.status = 200
        self.body: bytes | None = None
        self.delay_seconds = 0.0
        self.answered_by: str | None = None
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def response_body(self) -> bytes:
        if self.body is not None:
            return self.body
        content = {"role": "model", "parts": [{"text": self.text}]}
        answer = {"candidates": [{"content": content, "finishReason": "STOP"}], "modelVersion": self.answered_by}
        return json.dumps({name: value for name, value in answer.items() if value is not None}).encode()


def _refusal(headers: dict[str, str], path: str, request: dict[str, Any]) -> str | None:
    """The message with which Google refuses the request, or None."""
    seconds = headers.get("x-server-timeout")
    if seconds is not None and int(seconds) < _SHORTEST_DEADLINE_SECONDS:
        return f"Manually set deadline {seconds}s is too short. Minimum allowed deadline is 10s."
    if request.get("generationConfig", {}).get("thinkingConfig"):  # the test's request has a budget of 0 there
        return "Thinking budget is not supported for this model."
    if not path.startswith("/v1beta/"):
        return 'Invalid JSON payload received. Unknown name "systemInstruction": Cannot find field.'
    return None


class _Handler(Quiet, BaseHTTPRequestHandler):
    server: FakeGemini

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        request = json.loads(self.rfile.read(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append(request)
        self.server.headers.append(headers)
        self.server.keys.append(self.headers["x-goog-api-key"])
        self.server.paths.append(self.path)
        time.sleep(self.server.delay_seconds)
        status, body = self.server.status, self.server.response_body()
        if message := _refusal(headers, self.path, request):
            status = 400
            body = json.dumps({"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}).encode()
        try:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except BrokenPipeError:
            return  # the client stopped waiting, as it should


@contextmanager
def running_gemini() -> Iterator[FakeGemini]:
    server = FakeGemini()
    with serving(server):
        yield server
