"""Ids and secrets of the identity provider's applications: generated for the stand-in, or Auth0's from .env."""

import json
import secrets
from typing import Any, NotRequired, TypedDict

from pydantic import SecretStr

from local.cli.paths import CLIENT_SECRETS
from local.cli.private_files import write_private
from local.cli.settings import LocalSettings

HR_AGENT = "HR Agent"
DIRECTORY = "HR Agent Directory"
EMPLOYEE_PAGE = "Staff0 Employee Page"
CALLERS = ("acme", "globex", "noscope")


class Credentials(TypedDict):
    """One application. With `jwks` the stand-in accepts its key only, not its secret. A public one has none."""

    client_id: str
    client_secret: NotRequired[str]
    jwks: NotRequired[dict[str, list[Any]]]


type Clients = dict[str, Credentials]
"""Application name to its credentials."""


def caller_client(short_name: str) -> str:
    """Name of a caller's application, e.g. `A2A Client acme`."""
    return f"A2A Client {short_name}"


def stand_in_clients() -> Clients:
    """Random credentials of each application of the stand-in. They are created once, in a file with mode 600.

    A file of an older version gets the applications that it does not have.
    """
    clients: Clients = json.loads(CLIENT_SECRETS.read_text()) if CLIENT_SECRETS.exists() else {}
    names = (HR_AGENT, DIRECTORY, EMPLOYEE_PAGE, *map(caller_client, CALLERS))
    missing = {name: _random_credentials(name) for name in names if name not in clients}
    if missing:
        clients |= missing
        CLIENT_SECRETS.parent.mkdir(parents=True, exist_ok=True)
        write_private(CLIENT_SECRETS, json.dumps(clients, indent=2))
    return clients


def _random_credentials(name: str) -> Credentials:
    client_id = secrets.token_urlsafe(24)
    if name == EMPLOYEE_PAGE:
        return {"client_id": client_id}
    return {"client_id": client_id, "client_secret": secrets.token_urlsafe(48)}


def auth0_clients(settings: LocalSettings) -> Clients:
    """Credentials from .env. An application that authenticates by a key has no secret."""
    return {
        HR_AGENT: _credentials(settings.hr_agent_auth0_client_id, settings.hr_agent_auth0_client_secret),
        DIRECTORY: _credentials(settings.directory_auth0_client_id, settings.directory_auth0_client_secret),
        EMPLOYEE_PAGE: {"client_id": settings.employee_page_auth0_client_id},
        caller_client(CALLERS[0]): _credentials(
            settings.a2a_client_auth0_client_id, settings.a2a_client_auth0_client_secret
        ),
    }


def _credentials(client_id: str, client_secret: SecretStr) -> Credentials:
    return {"client_id": client_id, "client_secret": client_secret.get_secret_value()}


def configured_clients(settings: LocalSettings) -> Clients:
    return auth0_clients(settings) if settings.uses_auth0 else stand_in_clients()
