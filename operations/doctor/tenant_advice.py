"""What to click in Auth0 when it refuses one of our applications, by what it answers."""

from collections.abc import Callable
from typing import Final

import httpx

from operations.doctor.http import json_object
from operations.doctor.subject import KEY, PUBLIC, Application

_LOGS: Final = "Monitoring > Logs in Auth0 has the reason"
_CREDENTIALS: Final = {
    PUBLIC: "Authentication Method None",
    KEY: "register the PEM of the stack's key for private_key_jwt (docs/operations.md, Client authentication)",
}
_SECRET: Final = "copy the client id and the secret again, and choose client_secret_post"  # noqa: S105 - advice

type Matches = Callable[[int, str, str], bool]
# Status, error code and description in lower case, and what to do; the first that matches counts.
_RULES: Final[tuple[tuple[Matches, str], ...]] = (
    (lambda status, _e, _t: status == 429, "the tenant's rate limit is reached: run the doctor again in a minute"),
    (lambda status, _e, _t: status >= 500, "look at the identity provider's status page, and run the doctor again"),
    (
        lambda _s, error, text: "service not" in text or error == "invalid_target",
        "APIs: none has the identifier {audience}; with a custom domain, name the tenant's own domain",
    ),
    (
        lambda _s, error, text: (
            error == "invalid_scope" or "not authorized to access" in text or "not been granted scopes" in text
        ),
        "APIs > {audience} > Application Access: authorize {name}, with the scopes of tenant.yaml",
    ),
    (
        lambda _s, error, text: error == "unauthorized_client" or "grant type" in text,
        "Applications > {name} > Settings > Advanced > Grant Types: switch on {grant}",
    ),
    (
        lambda status, error, _t: status == 401 or error in {"invalid_client", "access_denied"},
        "Applications > {name} > Credentials: {credentials}",
    ),
)


def advice(response: httpx.Response, application: Application, grant: str, audience: str) -> str:
    """`grant` is the name of the grant type in Auth0's dashboard, `audience` the API that was asked for."""
    body = json_object(response)
    error, text = str(body.get("error", "")), str(body.get("error_description", "")).lower()
    found = next((rule for matches, rule in _RULES if matches(response.status_code, error, text)), _LOGS)
    credentials = _CREDENTIALS.get(application.method, _SECRET)
    return found.format(name=application.name, audience=audience, grant=grant, credentials=credentials)
