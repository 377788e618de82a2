"""ASGI proxy that serves each HTTP API on its own loopback port.

ministack serves an API at `{api id}.execute-api.localhost`, a name that httpx and Node cannot resolve. The proxy sets
the Host header and puts the stage in front of the path. Without the stage, ministack takes the first part of the path
as a stage and drops the last slash of `/rpc/`.
"""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

type Scope = MutableMapping[str, Any]
type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type App = Callable[[Scope, Receive, Send], Awaitable[None]]

STAGE = "/$default"
REPLACED_HEADERS = {b"host", b"x-forwarded-for", b"x-forwarded-port", b"x-forwarded-proto"}
NOT_DEPLOYED = {"message": "No API is deployed behind this port yet. Run: make up"}


class ApiIds:
    """API port → HTTP API id, from a file that is read again after each change."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._changed_ns = 0
        self._ids: dict[str, str] = {}

    def get(self, port: int) -> str | None:
        """Id of the API behind a port; None before the first deployment."""
        if not self._file.exists():
            return None
        changed_ns = self._file.stat().st_mtime_ns
        if changed_ns != self._changed_ns:
            self._ids = json.loads(self._file.read_text())
            self._changed_ns = changed_ns
        return self._ids.get(str(port))


def api_proxy(app: App, ports: frozenset[int], apis: ApiIds, is_deployed: Callable[[str], bool]) -> App:
    """Wraps ministack's ASGI app. Requests at other ports go to ministack unchanged."""

    async def proxy(scope: Scope, receive: Receive, send: Send) -> None:
        port = (scope.get("server") or ("", 0))[1]
        if scope["type"] != "http" or port not in ports:
            return await app(scope, receive, send)
        api_id = apis.get(port)
        if api_id is None or not is_deployed(api_id):
            return await send_not_deployed(send)
        return await app(to_api(scope, api_id, port), receive, send)

    return proxy


def to_api(scope: Scope, api_id: str, port: int) -> Scope:
    """The same request with the API's host name, the stage, and the headers that API Gateway adds."""
    headers = [(name, value) for name, value in scope["headers"] if name.lower() not in REPLACED_HEADERS]
    client = (scope.get("client") or ("127.0.0.1",))[0]
    headers += [
        (b"host", f"{api_id}.execute-api.localhost".encode()),
        (b"x-forwarded-for", client.encode()),
        (b"x-forwarded-port", str(port).encode()),
        (b"x-forwarded-proto", b"http"),
    ]
    raw_path = STAGE.encode() + scope["raw_path"]
    return {**scope, "headers": headers, "path": STAGE + scope["path"], "raw_path": raw_path}


async def send_not_deployed(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"retry-after", b"5")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(NOT_DEPLOYED).encode()})
