"""The clients under test, from several vendors. Each uses the caller's access token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from local.cli.paths import NODE, STATE
from tests.interop.a2a_handler_client import TOKEN_VARIABLE, HandlerClient
from tests.interop.client import Client
from tests.interop.client_program import Program
from tests.interop.driven_client import DrivenClient
from tests.interop.sdk_client import SdkClient
from tests.support.system import System

CARD: Final = "/.well-known/agent-card.json"
OLD_CARD: Final = "/.well-known/agent.json"  # before A2A 0.3
_HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class AgentAccess:
    """The agent's URL, an access token, and a folder for the client's program."""

    agent_url: str
    token: str = field(repr=False)
    folder: Path


def agent_access(system: System, folder: Path) -> AgentAccess:
    return AgentAccess(system.stack["agent_url"], system.token(), folder)


def javascript(driver: str, **more: str) -> Callable[[AgentAccess], DrivenClient]:
    command = (str(NODE), str(_HERE / "node" / driver))
    return lambda access: DrivenClient(
        Program(command, access.folder), {"url": access.agent_url, "token": access.token, **more}
    )


def handler(access: AgentAccess) -> HandlerClient:
    command = (str(STATE / "venv-handler" / "bin" / "handler"),)
    return HandlerClient(Program(command, access.folder, {TOKEN_VARIABLE: access.token}), access.agent_url)


def sdk(binding: str) -> Callable[[AgentAccess], SdkClient]:
    return lambda access: SdkClient(access.agent_url, access.token, binding)


def sdk_0_3(card: str) -> Callable[[AgentAccess], DrivenClient]:
    command = (str(STATE / "venv-a2a-0-3" / "bin" / "python"), str(_HERE / "a2a_sdk_0_3.py"))
    return lambda access: DrivenClient(
        Program(command, access.folder), {"url": access.agent_url, "token": access.token, "cardPath": card}
    )


# A2A 1.0
CLIENTS: Final[dict[str, Callable[[AgentAccess], Client]]] = {
    "a2a-js JSONRPC": javascript("a2a-1.mjs", binding="JSONRPC"),
    "a2a-js HTTP+JSON": javascript("a2a-1.mjs", binding="HTTP+JSON"),
    "a2a-handler": handler,
    "a2a-sdk JSONRPC": sdk("JSONRPC"),
    "a2a-sdk HTTP+JSON": sdk("HTTP+JSON"),
}

# A2A 0.3
CLIENTS_0_3: Final[dict[str, Callable[[AgentAccess], Client]]] = {
    "a2a-js 0.3": javascript("a2a-0-3.mjs", cardPath=CARD),
    "a2a-sdk 0.3": sdk_0_3(CARD),
    "a2a-js 0.3, old card": javascript("a2a-0-3.mjs", cardPath=OLD_CARD),
    "a2a-sdk 0.3, old card": sdk_0_3(OLD_CARD),
}
