"""Fake agent and identity provider over httpx.MockTransport: signed card, keys, token endpoint, scripted JSON-RPC."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from client.runtime_context import RuntimeContext, Time
from tests.support.statements import jwks, signed

AGENT, IDP = "https://agent.example", "https://idp.example"
SECRET = "canary-secret"

type Json = dict[str, Any]


def card(**changes: Any) -> Json:
    scheme = {
        "oauth2SecurityScheme": {
            "flows": {
                "clientCredentials": {"tokenUrl": f"{IDP}/oauth/token", "scopes": {"read:employee_status": "ask"}}
            }
        }
    }
    whole: Json = {
        "name": "Staff0 HR Agent",
        "description": "…",
        "version": "1.0.0",
        "supportedInterfaces": [{"url": f"{AGENT}/rpc", "protocolBinding": "JSONRPC", "protocolVersion": "1.0"}],
        "capabilities": {},
        "defaultInputModes": ["text"],
        "defaultOutputModes": ["text"],
        "skills": [],
        "securitySchemes": {"tenant": scheme},
        "securityRequirements": [{"schemes": {"tenant": {"list": ["read:employee_status"]}}}],
    }
    return whole | changes


def task(state: str, text: str = "…", artifact: Json | None = None, **metadata: str) -> Json:
    message = {"messageId": "m", "role": "ROLE_AGENT", "parts": [{"text": text}], "metadata": metadata}
    found: Json = {"id": "t1", "contextId": "c1", "status": {"state": f"TASK_STATE_{state}", "message": message}}
    if artifact is not None:
        parts = [{"text": artifact.pop("sentence")}, {"data": artifact}]
        found["artifacts"] = [{"artifactId": "a", "parts": parts}]
    return found


APPROVAL_PENDING = task("AUTH_REQUIRED", "Waiting.", code="7K4QXM", expires_at="2026-01-05T09:01:00Z")


def answered(
    sentence: str, *, active: bool = True, matches: bool | None = True, attestation: str | None = None, **data: object
) -> Json:
    """A completed task. `data` replaces fields of its data."""
    facts = {"confirmed": active and matches is not False, "employee_active": active, "name_matches": matches}
    found = task("COMPLETED", artifact={"sentence": sentence, **facts, "checked_at": "now", **data})
    if attestation is not None:
        raw = base64.b64encode(attestation.encode()).decode()
        found["artifacts"][0]["parts"].append({"raw": raw, "mediaType": "application/jwt"})
    return found


@dataclass
class FakeAgent:
    """Each call gets the next entry of `script`; the last entry is repeated. An httpx.Response is sent as it is."""

    script: list[Any]
    card: Json = field(default_factory=card)
    sign: Callable[[Json], Json] = signed
    jwks: Json | httpx.Response = field(default_factory=jwks)
    token_status: int = 200
    methods: list[str] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    naps: list[float] = field(default_factory=list)
    out: io.StringIO = field(default_factory=io.StringIO)
    err: io.StringIO = field(default_factory=io.StringIO)
    now: float = 0.0

    def context(self, folder: Path) -> RuntimeContext:
        return RuntimeContext(
            folder=folder,
            environment={"A2A_CLIENT_AUTH0_CLIENT_ID": "me", "A2A_CLIENT_AUTH0_CLIENT_SECRET": SECRET},
            out=Console(file=self.out, width=200),
            err=Console(file=self.err, width=200),
            time=Time(lambda: datetime(2026, 1, 5, tzinfo=UTC), lambda: self.now, self._sleep),
            http=httpx.MockTransport(self._serve),
        )

    async def _sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    def _serve(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        routes: dict[str, Callable[[httpx.Request], httpx.Response]] = {
            "/.well-known/agent-card.json": lambda _: httpx.Response(200, json=self.sign(self.card)),
            "/.well-known/jwks.json": lambda _: (
                self.jwks if isinstance(self.jwks, httpx.Response) else httpx.Response(200, json=self.jwks)
            ),
            "/oauth/token": lambda _: httpx.Response(
                self.token_status, json={"access_token": "tok", "expires_in": 3600, "error": "access_denied"}
            ),
            "/rpc": self._rpc,
        }
        return routes[request.url.path](request)

    def _rpc(self, request: httpx.Request) -> httpx.Response:
        call = json.loads(request.content)
        self.methods.append(call["method"])
        answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(answer, httpx.Response):
            return answer
        result = {"task": answer} if call["method"] == "SendMessage" else answer
        return httpx.Response(200, json={"jsonrpc": "2.0", "id": call["id"], "result": result})
