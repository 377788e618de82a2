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
CALLERS = ("acme", "globex", "noscope")


class Credentials(TypedDict):
    """One application. With `jwks` the stand-in accepts its key only, not its secret."""

    client_id: str
    client_secret: str
    jwks: NotRequired[dict[str, list[Any]]]


type Clients = dict[str, Credentials]
"""Application name to its credentials."""


def caller_client(short_name: str) -> str:
    """Name of a caller's application, e.g. `A2A Client acme`."""
    return f"A2A Client {short_name}"


def stand_in_clients() -> Clients:
    """Random credentials of each application of the stand-in. They are created once, in a file with mode 600."""
    if not CLIENT_SECRETS.exists():
        names = [HR_AGENT, DIRECTORY, *map(caller_client, CALLERS)]
        created: Clients = {
            name: {"client_id": secrets.token_urlsafe(24), "client_secret": secrets.token_urlsafe(48)} for name in names
        }
        CLIENT_SECRETS.parent.mkdir(parents=True, exist_ok=True)
        write_private(CLIENT_SECRETS, json.dumps(created, indent=2))
    clients: Clients = json.loads(CLIENT_SECRETS.read_text())
    return clients


def auth0_clients(settings: LocalSettings) -> Clients:
    """Credentials from .env. An application that authenticates by a key has no secret."""
    return {
        HR_AGENT: _credentials(settings.hr_agent_auth0_client_id, settings.hr_agent_auth0_client_secret),
        DIRECTORY: _credentials(settings.directory_auth0_client_id, settings.directory_auth0_client_secret),
        caller_client(CALLERS[0]): _credentials(
            settings.a2a_client_auth0_client_id, settings.a2a_client_auth0_client_secret
        ),
    }


def _credentials(client_id: str, client_secret: SecretStr) -> Credentials:
    return {"client_id": client_id, "client_secret": client_secret.get_secret_value()}


def configured_clients(settings: LocalSettings) -> Clients:
    return auth0_clients(settings) if settings.uses_auth0 else stand_in_clients()
