"""The HR API for unit tests, over httpx.MockTransport."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

import httpx


@dataclass
class FakeHrApi:
    """Serves `records` by employee id.

    `failures` are served first, in their order: a response, or a transport error to raise.
    `on_request` is called during each request. `tokens` are the bearer tokens received.
    """

    records: dict[str, dict[str, str]] = field(default_factory=dict)
    failures: deque[httpx.Response | type[httpx.TransportError]] = field(default_factory=deque)
    tokens: list[str] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    on_request: Callable[[], None] = lambda: None

    def http(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._handle))

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.tokens.append(request.headers["Authorization"].removeprefix("Bearer "))
        self.on_request()
        if self.failures:
            failure = self.failures.popleft()
            if isinstance(failure, httpx.Response):
                return failure
            raise failure("dropped", request=request)
        path = request.url.raw_path.decode()
        assert path.startswith("/employees/")
        record = self.records.get(unquote(path.removeprefix("/employees/")))
        if record is None:
            return httpx.Response(404, json={"status": 404}, headers={"Content-Type": "application/problem+json"})
        return httpx.Response(200, json=record)
