"""The two programs behind the stack: the stand-in tenant and the AWS emulator."""

import os

import httpx

from local.cli.paths import API_IDS, CLIENT_SECRETS, EMULATOR_PYTHON, NODE, STATE
from local.cli.ports import docker_bridge, is_listening
from local.cli.processes import Service
from local.cli.settings import LocalSettings

TENANT = "tenant"
EMULATOR = "emulator"
# A person at the demo asks again and again: more pushes than Auth0's five a minute.
_PUSHES_PER_MINUTE = "60"


def tenant(settings: LocalSettings) -> Service:
    environment = {
        "TENANT_PORT": str(settings.tenant_port),
        "PHONE_PORT": str(settings.phone_port),
        "TENANT_ISSUER": settings.issuer,
        "TENANT_BIND": docker_bridge() or "",
        "TENANT_SECRETS": str(CLIENT_SECRETS),
        "TENANT_KEYS": str(STATE / "tenant-keys.json"),
        "TENANT_PUSHES_PER_MINUTE": _PUSHES_PER_MINUTE,
    }
    command = (str(NODE), "local/identity_provider/main.js")
    return Service(TENANT, command, _clean() | environment, lambda: is_listening(settings.phone_port))


def emulator(settings: LocalSettings) -> Service:
    bridge = docker_bridge()
    command = (
        *(str(EMULATOR_PYTHON), "-m", "local.emulator"),
        *("--state", str(STATE / "aws"), "--port", str(settings.aws_port)),
        *("--front", str(settings.agent_port), "--front", str(settings.hr_api_port), "--apis", str(API_IDS)),
        *(("--bridge", bridge) if bridge else ()),
    )
    return Service(EMULATOR, command, _clean(), lambda: _is_healthy(settings.aws_url))


def _clean() -> dict[str, str]:
    """Functions inherit the emulator's environment: nothing of this shell's own may reach them."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def _is_healthy(aws_url: str) -> bool:
    try:
        return httpx.get(f"{aws_url}/_ministack/health", timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False
