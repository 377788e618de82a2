"""The agent and the HR API of a stack, as far as the doctor asks them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.http_servers import Quiet, serving


@dataclass
class FakeStackApis:
    """The statuses of the responses; `hr_api_status` is for a request with a token."""

    card_status: int = 200
    task_status: int = 404
    hr_api_status: int = 401
    hr_api_without_token: int = 401
    url: str = ""

    def status(self, path: str, token: str | None) -> int:
        if path.startswith("/.well-known/"):
            return self.card_status
        if path.startswith("/v1/tasks/"):
            return self.task_status
        return self.hr_api_status if token else self.hr_api_without_token


@contextmanager
def serve_stack_apis() -> Iterator[FakeStackApis]:
    apis = FakeStackApis()

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(apis.status(self.path, self.headers.get("Authorization")))
            self.end_headers()
            self.wfile.write(b"{}")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    apis.url = f"http://127.0.0.1:{server.server_port}"
    with serving(server):
        yield apis
