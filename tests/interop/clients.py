"""Who talks to the agent here: clients of several makers, each with the caller's own token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from local.cli.paths import NODE, STATE
from tests.interop.a2a_handler_cli import TOKEN_VARIABLE, Handler
from tests.interop.client import Client
from tests.interop.driven import DrivenClient
from tests.interop.programs import Program
from tests.interop.sdk import SdkClient
from tests.support.system import System

CARD: Final = "/.well-known/agent-card.json"
OLD_CARD: Final = "/.well-known/agent.json"  # before A2A 0.3
_HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class Place:
    """Where a client finds the agent, what lets it in, and the folder its program may keep things in."""

    agent_url: str
    token: str = field(repr=False)
    folder: Path


def place(system: System, folder: Path) -> Place:
    return Place(system.stack["agent_url"], system.token(), folder)


def javascript(driver: str, **more: str) -> Callable[[Place], DrivenClient]:
    command = (str(NODE), str(_HERE / "node" / driver))
    return lambda place: DrivenClient(
        Program(command, place.folder), {"url": place.agent_url, "token": place.token, **more}
    )


def handler(place: Place) -> Handler:
    command = (str(STATE / "venv-handler" / "bin" / "handler"),)
    return Handler(Program(command, place.folder, {TOKEN_VARIABLE: place.token}), place.agent_url)


def sdk(binding: str) -> Callable[[Place], SdkClient]:
    return lambda place: SdkClient(place.agent_url, place.token, binding)


def sdk_0_3(card: str) -> Callable[[Place], DrivenClient]:
    command = (str(STATE / "venv-a2a-0-3" / "bin" / "python"), str(_HERE / "a2a_sdk_0_3.py"))
    return lambda place: DrivenClient(
        Program(command, place.folder), {"url": place.agent_url, "token": place.token, "cardPath": card}
    )


# A2A 1.0
CLIENTS: Final[dict[str, Callable[[Place], Client]]] = {
    "a2a-js JSONRPC": javascript("a2a-1.mjs", binding="JSONRPC"),
    "a2a-js HTTP+JSON": javascript("a2a-1.mjs", binding="HTTP+JSON"),
    "a2a-handler": handler,
    "a2a-sdk JSONRPC": sdk("JSONRPC"),
    "a2a-sdk HTTP+JSON": sdk("HTTP+JSON"),
}

# A2A 0.3
CLIENTS_0_3: Final[dict[str, Callable[[Place], Client]]] = {
    "a2a-js 0.3": javascript("a2a-0-3.mjs", cardPath=CARD),
    "a2a-sdk 0.3": sdk_0_3(CARD),
    "a2a-js 0.3, old card": javascript("a2a-0-3.mjs", cardPath=OLD_CARD),
    "a2a-sdk 0.3, old card": sdk_0_3(OLD_CARD),
}
