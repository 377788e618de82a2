"""Keeps pages of a browser on this machine away from the emulator, which needs no credentials and holds the secrets.

A page of another site is recognised by its Origin header or by Sec-Fetch-Site (CSRF), and by its host name if that
name leads to this machine (DNS rebinding). Containers of `sam local` have other names for this machine.
A visit to the page for people may begin on another site: the identity provider sends the browser there.
"""

import json
import re
from ipaddress import ip_address
from typing import Final

from local.emulator.api_proxy import App, Message, Receive, Scope, Send

CONTAINERS_HOST: Final = "host.docker.internal"
_HOST: Final = re.compile(r"\[([0-9a-f:.]+)\](?::\d+)?|([a-z0-9.-]+)(?::\d+)?")
_OWN_SITES: Final = frozenset({"none", "same-origin"})
_FORBIDDEN: Final = {"message": "This emulator answers programs on this machine only, at a loopback host name."}


def browser_guard(app: App, bridge: str | None, page_port: int | None = None) -> App:
    """Wraps an ASGI app. A refused request gets 403, and no response allows a page of another site to read it.

    `bridge` is the address of the Docker bridge, by which containers may call it. `page_port` is that of the page.
    """
    container_names = frozenset(filter(None, (CONTAINERS_HOST, bridge)))

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await app(scope, receive, send)
        is_visit = _port(scope) == page_port and is_page_visit(scope)
        if is_visit or is_allowed(scope["headers"], container_names):
            return await app(scope, receive, _without_cors(send))
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        return await _send_forbidden(send)

    return guarded


def is_allowed(headers: list[tuple[bytes, bytes]], container_names: frozenset[str]) -> bool:
    """Whether the request is for this machine by name, and not from a page of another origin."""
    hosts, origins, sites = (_values(headers, name) for name in (b"host", b"origin", b"sec-fetch-site"))
    if not hosts or not all(_is_own_name(host, container_names) for host in hosts):
        return False
    own_origins = {f"http://{host}" for host in hosts}
    return own_origins.issuperset(origins) and _OWN_SITES.issuperset(sites)


def is_page_visit(scope: Scope) -> bool:
    """Whether a person opens a page at a loopback host name, as a whole document and by GET, from any site."""
    headers = scope["headers"]
    hosts, modes, places = (_values(headers, name) for name in (b"host", b"sec-fetch-mode", b"sec-fetch-dest"))
    is_here = bool(hosts) and all(_is_own_name(host, frozenset()) for host in hosts)
    return scope.get("method") == "GET" and is_here and (modes, places) == (["navigate"], ["document"])


def _port(scope: Scope) -> int | None:
    return (scope.get("server") or ("", None))[1]


def _values(headers: list[tuple[bytes, bytes]], name: bytes) -> list[str]:
    return [value.decode("latin-1").strip().lower() for key, value in headers if key.lower() == name]


def _is_own_name(host: str, container_names: frozenset[str]) -> bool:
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    name = match[1] or match[2]
    try:
        return ip_address(name).is_loopback or name in container_names
    except ValueError:
        return name == "localhost" or name.endswith(".localhost") or name in container_names


def _without_cors(send: Send) -> Send:
    async def send_without_cors(message: Message) -> None:
        if "headers" in message:
            kept = [(key, value) for key, value in message["headers"] if not _is_cors(key)]
            message = {**message, "headers": kept}
        await send(message)

    return send_without_cors


def _is_cors(name: bytes) -> bool:
    return name.lower().startswith(b"access-control-")


async def _send_forbidden(send: Send) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(_FORBIDDEN).encode()})
