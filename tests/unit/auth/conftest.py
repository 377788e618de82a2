"""An issuer's key address over real HTTP, and a second one, which nobody should ask."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tests.support.tokens import FakeKeys


@dataclass
class Jwks:
    """What the address answers, and how often it was asked."""

    status: int = 200
    body: str = field(default_factory=lambda: json.dumps(FakeKeys().jwks()))
    asked: int = 0
    url: str = ""


@contextmanager
def serving() -> Iterator[Jwks]:
    answer = Jwks()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer.asked += 1
            self.send_response(answer.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(answer.body.encode())

        def log_message(self, *_args: object) -> None:
            """Silent."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        answer.url = f"http://127.0.0.1:{server.server_port}/.well-known/jwks.json"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield answer
        server.shutdown()
        thread.join()


@pytest.fixture
def jwks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Jwks]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as answer:
        yield answer


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Jwks]:
    """Where an attacker keeps keys."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as answer:
        yield answer
