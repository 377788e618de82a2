"""An auditor who runs `python -m client.verify` with a statement and the agent's keys."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from client.verification import Environment, main
from tests.support.statements import NOW, jwks

DEEP = "[" * 100_000 + "]" * 100_000  # nested deeper than json.loads can read


@dataclass
class Auditor:
    """`typed` is the standard input. `answer` is the response to each request for keys; `called` has the URLs."""

    folder: Path
    typed: str = ""
    answer: httpx.Response | type[httpx.TransportError] = field(
        default_factory=lambda: httpx.Response(200, json=jwks())
    )
    called: list[str] = field(default_factory=list)
    out: io.StringIO = field(default_factory=io.StringIO)
    err: io.StringIO = field(default_factory=io.StringIO)

    def run(self, *arguments: str) -> int:
        clock = lambda: datetime.fromtimestamp(NOW, UTC)  # noqa: E731
        transport = httpx.MockTransport(self._serve)
        return main(arguments, Environment(self.folder, io.StringIO(self.typed), self.out, self.err, clock, transport))

    def _serve(self, request: httpx.Request) -> httpx.Response:
        self.called.append(str(request.url))
        if isinstance(self.answer, httpx.Response):
            return self.answer
        raise self.answer("down", request=request)
