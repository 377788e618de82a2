"""The HR API for unit tests, over httpx.MockTransport."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

import httpx
import jwt
from staff0.authorization_details import Disclosure, DisclosureFormat
from staff0.skills import SKILLS, Skills


@dataclass
class FakeHrApi:
    """Serves `records` by employee id. A token with authorization details gets the fields of its facts, and once.

    `failures` are served first, in their order: a response, or a transport error to raise.
    `on_request` is called during each request. `tokens` are the bearer tokens received. The next `loses_answers`
    answers do not reach the client. With `sends_all` each answer has all fields.
    """

    records: dict[str, dict[str, str]] = field(default_factory=dict)
    failures: deque[httpx.Response | type[httpx.TransportError]] = field(default_factory=deque)
    tokens: list[str] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    skills: Skills = SKILLS
    used: dict[str, str] = field(default_factory=dict)  # request id → Idempotency-Key
    loses_answers: int = 0
    sends_all: bool = False
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
        answer = self._serve(request)
        if self.loses_answers:
            self.loses_answers -= 1
            raise httpx.ReadTimeout("the answer was lost", request=request)
        return answer

    def _serve(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode().partition("?")[0]
        assert path.startswith("/employees/")
        disclosure = self._disclosure(self.tokens[-1])
        if disclosure and not self._use(disclosure, request):
            return _problem(403)
        record = self.records.get(unquote(path.removeprefix("/employees/")))
        if record is None:
            return _problem(404)
        if disclosure is None or self.sends_all:
            return httpx.Response(200, json=record)
        fields = {"id", *(self.skills.facts[fact].field for fact in disclosure.facts)}
        return httpx.Response(200, json={name: value for name, value in record.items() if name in fields})

    def _disclosure(self, token: str) -> Disclosure | None:
        claim = jwt.decode(token, options={"verify_signature": False}).get("authorization_details")
        return DisclosureFormat(self.skills.facts).read(claim) if claim else None

    def _use(self, disclosure: Disclosure, request: httpx.Request) -> bool:
        """Whether the request is the one of the token, and the first or the same again."""
        query, key = request.url.params, request.headers["Idempotency-Key"]
        is_for = (query["request_id"], query["client_id"]) == (disclosure.request_id, disclosure.client_id)
        return is_for and self.used.setdefault(disclosure.request_id, key) == key


def _problem(status: int) -> httpx.Response:
    return httpx.Response(status, json={"status": status}, headers={"Content-Type": "application/problem+json"})
