"""A web server on loopback that receives webhooks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.http_servers import Quiet, Serving
from tests.support.system import PATIENCE_SECONDS, Json


@dataclass(frozen=True)
class Delivery:
    """Header names in lower case; the body as received, and as JSON."""

    path: str
    headers: dict[str, str]
    content: bytes
    body: Json


class Receiver(Serving):
    """Accepts all requests after it rejected the first `refuse` ones."""

    def __init__(self, refuse: int = 0) -> None:
        self._deliveries: list[Delivery] = []
        self._refusals = iter([HTTPStatus.SERVICE_UNAVAILABLE] * refuse)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self._take))

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def at(self, path: str) -> list[Delivery]:
        """Without the first contact, which has ids and the state only."""
        return [each for each in self._deliveries if each.path == path and "event_id" in json.dumps(each.body)]

    async def until(self, path: str, enough: Callable[[list[Delivery]], bool]) -> list[Delivery]:
        found = self.at(path)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not enough(found):
                await asyncio.sleep(0.1)
                found = self.at(path)
        return found

    def _take(self, delivery: Delivery) -> HTTPStatus:
        refusal = next(self._refusals, None)
        if refusal is None:
            self._deliveries.append(delivery)
        return refusal or HTTPStatus.NO_CONTENT


def handler_of(take: Callable[[Delivery], HTTPStatus]) -> type[BaseHTTPRequestHandler]:
    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(take(Delivery(self.path, headers, content, json.loads(content))))
            self.end_headers()

    return Handler
