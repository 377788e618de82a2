"""Ports that each serve one HTTP API at a name every client resolves.

`{api id}.execute-api.localhost` does not resolve for httpx or Node. A front takes a request on a loopback port and
hands it to ministack with the Host header and the stage that lead to the API. The path arrives as on AWS: the stage
in front keeps ministack from taking the path's own first part for one, which costs `/rpc/` its slash.
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
OVERWRITTEN = {b"host", b"x-forwarded-for", b"x-forwarded-port", b"x-forwarded-proto"}
NOT_DEPLOYED = {"message": "Nothing is deployed behind this port yet. Run: make up"}


class ApiIds:
    """Front port → HTTP API id, from the file the deployment leaves; read again when it changes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._changed_ns = 0
        self._ids: dict[str, str] = {}

    def get(self, port: int) -> str | None:
        """The API behind a port; None before the first deployment."""
        if not self._file.exists():
            return None
        changed_ns = self._file.stat().st_mtime_ns
        if changed_ns != self._changed_ns:
            self._ids = json.loads(self._file.read_text())
            self._changed_ns = changed_ns
        return self._ids.get(str(port))


def with_fronts(app: App, ports: frozenset[int], apis: ApiIds, is_deployed: Callable[[str], bool]) -> App:
    """ministack's ASGI app, with the given ports turned into fronts."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        port = (scope.get("server") or ("", 0))[1]
        if scope["type"] != "http" or port not in ports:
            return await app(scope, receive, send)
        api_id = apis.get(port)
        if api_id is None or not is_deployed(api_id):
            return await answer_not_deployed(send)
        return await app(to_api(scope, api_id, port), receive, send)

    return serve


def to_api(scope: Scope, api_id: str, port: int) -> Scope:
    """The same request, addressed to the API's own host name as API Gateway would pass it on."""
    headers = [(name, value) for name, value in scope["headers"] if name.lower() not in OVERWRITTEN]
    client = (scope.get("client") or ("127.0.0.1",))[0]
    headers += [
        (b"host", f"{api_id}.execute-api.localhost".encode()),
        (b"x-forwarded-for", client.encode()),
        (b"x-forwarded-port", str(port).encode()),
        (b"x-forwarded-proto", b"http"),
    ]
    raw_path = STAGE.encode() + scope["raw_path"]
    return {**scope, "headers": headers, "path": STAGE + scope["path"], "raw_path": raw_path}


async def answer_not_deployed(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"retry-after", b"5")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(NOT_DEPLOYED).encode()})
