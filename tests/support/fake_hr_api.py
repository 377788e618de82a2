"""An HR system for unit tests."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

import httpx


@dataclass
class FakeHr:
    """Answers like the HR API; `bad_days` are answers that come first, `meanwhile` happens during a call."""

    records: dict[str, dict[str, str]] = field(default_factory=dict)
    bad_days: deque[httpx.Response | type[httpx.TransportError]] = field(default_factory=deque)
    tokens: list[str] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def http(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._handle))

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.tokens.append(request.headers["Authorization"].removeprefix("Bearer "))
        self.meanwhile()
        if self.bad_days:
            bad = self.bad_days.popleft()
            if isinstance(bad, httpx.Response):
                return bad
            raise bad("dropped", request=request)
        path = request.url.raw_path.decode()
        assert path.startswith("/employees/")
        record = self.records.get(unquote(path.removeprefix("/employees/")))
        if record is None:
            return httpx.Response(404, json={"status": 404}, headers={"Content-Type": "application/problem+json"})
        return httpx.Response(200, json=record)
