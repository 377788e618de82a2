"""The two programs behind the stack: the stand-in identity provider and the AWS emulator."""

import os
from collections.abc import Callable
from typing import Final

import httpx

from local.cli.paths import API_IDS, CLIENT_SECRETS, EMULATOR_PYTHON, NODE, STATE
from local.cli.ports import docker_bridge, is_listening
from local.cli.processes import Service
from local.cli.settings import LocalSettings
from local.cli.source_fingerprint import source_fingerprint

# The name of its record and its log. It stays, so that `make down` also stops what an older version has started.
IDENTITY_PROVIDER: Final = "tenant"
EMULATOR: Final = "emulator"
LABELS: Final = {IDENTITY_PROVIDER: "identity provider", EMULATOR: "emulator"}
# A change of these restarts the service.
SOURCES: Final = {
    IDENTITY_PROVIDER: (
        "local/phone",
        *(f"local/identity_provider/{name}" for name in ("main.js", "src", "page", "tenant.yaml", "users.json")),
    ),
    EMULATOR: ("local/emulator",),
}
# Auth0's limit is five pushes a minute. A developer who repeats the demo sends more.
_PUSHES_PER_MINUTE: Final = "60"
_LOOPBACK: Final = "localhost,127.0.0.1"


def identity_provider(settings: LocalSettings) -> Service:
    environment = {
        "TENANT_PORT": str(settings.tenant_port),
        "PHONE_PORT": str(settings.phone_port),
        "TENANT_ISSUER": settings.issuer,
        "TENANT_EMPLOYEE_PAGE_URL": settings.employee_page_url,
        "TENANT_BIND": docker_bridge() or "",
        "TENANT_SECRETS": str(CLIENT_SECRETS),
        "TENANT_KEYS": str(STATE / "tenant-keys.json"),
        "TENANT_PUSHES_PER_MINUTE": _PUSHES_PER_MINUTE,
    }
    command = (str(NODE), "local/identity_provider/main.js")
    return _service(IDENTITY_PROVIDER, command, environment, lambda: is_listening(settings.phone_port))


def emulator(settings: LocalSettings) -> Service:
    bridge = docker_bridge()
    command = (
        *(str(EMULATOR_PYTHON), "-m", "local.emulator"),
        *("--state", str(STATE / "aws"), "--port", str(settings.aws_port), "--api-ids", str(API_IDS)),
        *(part for port in _api_ports(settings) for part in ("--api-port", str(port))),
        *("--page-port", str(settings.employee_page_port)),
        *(("--bridge", bridge) if bridge else ()),
    )
    return _service(EMULATOR, command, network_environment(settings), lambda: _is_healthy(settings.aws_url))


def _api_ports(settings: LocalSettings) -> tuple[int, ...]:
    return settings.agent_port, settings.hr_api_port, settings.employee_page_port


def network_environment(settings: LocalSettings) -> dict[str, str]:
    """Certificates and the proxy for the functions' calls to the internet: they inherit the emulator's environment.

    Only https goes through the proxy, and nothing on this machine.
    """
    proxy = {"HTTPS_PROXY": settings.https_proxy, "NO_PROXY": ",".join(filter(None, (_LOOPBACK, settings.no_proxy)))}
    certificates = {"SSL_CERT_FILE": settings.ssl_cert_file} if settings.ssl_cert_file else {}
    return certificates | (proxy if settings.https_proxy else {})


def _service(name: str, command: tuple[str, ...], environment: dict[str, str], is_ready: Callable[[], bool]) -> Service:
    source = source_fingerprint({}, SOURCES[name])
    return Service(name, LABELS[name], command, _inherited_environment() | environment, is_ready, source)


def _inherited_environment() -> dict[str, str]:
    """The few variables that a service gets from the shell. Functions inherit the emulator's environment."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def _is_healthy(aws_url: str) -> bool:
    try:
        return httpx.get(f"{aws_url}/_ministack/health", timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False
