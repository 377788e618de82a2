"""The agent's protocol extensions (A2A 4.6): the card declares them, a request header activates them."""

from typing import Final

from a2a.extensions.common import HTTP_EXTENSION_HEADER, get_requested_extensions
from a2a.utils.errors import ExtensionSupportRequiredError
from staff0.approval_format import EXTENSION as APPROVAL
from staff0.errors import SettingsError
from staff0.statement_format import EXTENSION as ATTESTATION
from staff0.webhook_signature_format import EXTENSION as WEBHOOK_SIGNATURE
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hr_agent.http.wait_header import EXTENSION as WAIT
from hr_agent.question_schema import EXTENSION as QUESTION

TERMS: Final = "https://staff0/a2a/terms/v1"
DECLARED: Final = frozenset({ATTESTATION, TERMS, QUESTION, WAIT, APPROVAL, WEBHOOK_SIGNATURE})

V0_3_EXTENSION_HEADER: Final = "X-A2A-Extensions"
_HEADERS: Final = (HTTP_EXTENSION_HEADER, V0_3_EXTENSION_HEADER)  # A2A 1.0 and 0.3


def parse_required_extensions(setting: str) -> frozenset[str]:
    """The URIs of the comma-separated setting REQUIRED_EXTENSIONS.

    Raises SettingsError for a URI that the card does not declare.
    """
    required = get_requested_extensions([setting])
    if not required <= DECLARED:
        raise SettingsError(f"REQUIRED_EXTENSIONS: the card declares {' and '.join(sorted(DECLARED))} only")
    return frozenset(required)


def require_extensions(required: frozenset[str], headers: Headers) -> None:
    """Raises ExtensionSupportRequiredError, which names the extensions that the request lacks (A2A 3.3.4)."""
    if not required:
        return
    missing = set(required) - set().union(*(_requested(headers, header) for header in _HEADERS))
    if missing:
        header = f"{HTTP_EXTENSION_HEADER}: {','.join(sorted(missing))}"
        raise ExtensionSupportRequiredError(message=f"This agent requires the header {header}")


class ExtensionsMiddleware:
    """Lists the active extensions of a request in the response, in a header of the same name as the request's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        active = _active_extensions(Headers(scope=scope)) if scope["type"] == "http" else {}
        if not active:
            await self._app(scope, receive, send)
            return

        async def send_with_extensions(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, uris in active.items():
                    headers[name] = uris
            await send(message)

        await self._app(scope, receive, send_with_extensions)


def _active_extensions(headers: Headers) -> dict[str, str]:
    """Header name → the active extensions that it names, as comma-separated URIs."""
    active = {header: ",".join(sorted(_requested(headers, header) & DECLARED)) for header in _HEADERS}
    return {header: uris for header, uris in active.items() if uris}


def _requested(headers: Headers, header: str) -> set[str]:
    return get_requested_extensions(headers.getlist(header))
