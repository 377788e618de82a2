"""The protocol extensions of this agent (A2A 4.6): declared on the card, named in a header, echoed where they are."""

from typing import Final

from a2a.compat.v0_3.extension_headers import LEGACY_HTTP_EXTENSION_HEADER
from a2a.extensions.common import HTTP_EXTENSION_HEADER, get_requested_extensions
from a2a.utils.errors import ExtensionSupportRequiredError
from staff0.errors import SettingsError
from staff0.statement_format import EXTENSION as ATTESTATION
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TERMS: Final = "https://staff0/a2a/terms/v1"
DECLARED: Final = frozenset({ATTESTATION, TERMS})

_HEADERS: Final = (HTTP_EXTENSION_HEADER, LEGACY_HTTP_EXTENSION_HEADER)  # A2A 1.0 and 0.3


def required_extensions(setting: str) -> frozenset[str]:
    """The URIs of REQUIRED_EXTENSIONS. Raises SettingsError if the card does not declare one of them."""
    required = get_requested_extensions([setting])
    if not required <= DECLARED:
        raise SettingsError(f"REQUIRED_EXTENSIONS: the card declares {' and '.join(sorted(DECLARED))} only")
    return frozenset(required)


def require(required: frozenset[str], headers: Headers) -> None:
    """Raises ExtensionSupportRequiredError, which names those that the request does not name (A2A 3.3.4)."""
    if not required:
        return
    missing = set(required) - set().union(*(_named(headers, header) for header in _HEADERS))
    if missing:
        header = f"{HTTP_EXTENSION_HEADER}: {','.join(sorted(missing))}"
        raise ExtensionSupportRequiredError(message=f"This agent requires the header {header}")


class ExtensionsMiddleware:
    """Tells the caller which of the extensions they named are active, under the name of their header."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        active = {header: ",".join(sorted(_named(asked, header) & DECLARED)) for header in _HEADERS if header in asked}

        async def send_with_extensions(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                for header in filter(active.get, active):
                    answered[header] = active[header]
            await send(message)

        await self._app(scope, receive, send_with_extensions)


def _named(headers: Headers, header: str) -> set[str]:
    return get_requested_extensions(headers.getlist(header))
