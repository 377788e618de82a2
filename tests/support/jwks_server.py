"""A JWKS URL over real HTTP."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

from tests.support.http_servers import Quiet, serving
from tests.support.tokens import FakeKeys


@dataclass
class JwksServer:
    """The response of the server, and the number of requests that it got."""

    status: int = 200
    body: str = field(default_factory=lambda: json.dumps(FakeKeys().jwks()))
    requests: int = 0
    url: str = ""


@contextmanager
def serve_jwks(tls: ssl.SSLContext | None = None) -> Iterator[JwksServer]:
    state = JwksServer()

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.requests += 1
            self.send_response(state.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(state.body.encode())

    server = HTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    host = "https://localhost" if tls else "http://127.0.0.1"
    state.url = f"{host}:{server.server_port}/.well-known/jwks.json"
    with serving(server):
        yield state
