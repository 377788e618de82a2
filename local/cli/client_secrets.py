"""The tenant's applications as this machine knows them: ids and secrets, made once, never shown."""

import json
import secrets
from typing import Any, NotRequired, TypedDict

from local.cli.paths import CLIENT_SECRETS
from local.cli.private_files import write_private
from local.cli.settings import LocalSettings

HR_AGENT = "HR Agent"
DIRECTORY = "HR Agent Directory"
CALLERS = ("acme", "globex", "noscope")


class Credentials(TypedDict):
    """With `jwks` a client is believed by its key alone."""

    client_id: str
    client_secret: str
    jwks: NotRequired[dict[str, list[Any]]]


type Clients = dict[str, Credentials]


def caller_client(short_name: str) -> str:
    return f"A2A Client {short_name}"


def stand_in_clients() -> Clients:
    """Random credentials of every application of the stand-in; the file is for this user's eyes only."""
    if not CLIENT_SECRETS.exists():
        names = [HR_AGENT, DIRECTORY, *map(caller_client, CALLERS)]
        made: Clients = {
            name: {"client_id": secrets.token_urlsafe(24), "client_secret": secrets.token_urlsafe(48)} for name in names
        }
        CLIENT_SECRETS.parent.mkdir(parents=True, exist_ok=True)
        write_private(CLIENT_SECRETS, json.dumps(made, indent=2))
    clients: Clients = json.loads(CLIENT_SECRETS.read_text())
    return clients


def real_clients(settings: LocalSettings) -> Clients:
    """The tenant's own, from .env; the HR agent's application also reads the directory unless another is named."""
    agent = _credentials(settings.hr_agent_auth0_client_id, settings.hr_agent_auth0_client_secret.get_secret_value())
    directory = _credentials(
        settings.directory_auth0_client_id, settings.directory_auth0_client_secret.get_secret_value()
    )
    caller = _credentials(
        settings.a2a_client_auth0_client_id, settings.a2a_client_auth0_client_secret.get_secret_value()
    )
    return {
        HR_AGENT: agent,
        DIRECTORY: directory if directory["client_id"] else agent,
        caller_client(CALLERS[0]): caller,
    }


def _credentials(client_id: str, client_secret: str) -> Credentials:
    return {"client_id": client_id, "client_secret": client_secret}


def known_clients(settings: LocalSettings) -> Clients:
    return real_clients(settings) if settings.has_real_tenant else stand_in_clients()
