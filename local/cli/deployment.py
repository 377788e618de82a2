"""`sam build` and `sam deploy` to the emulator, when something they read has changed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from local.cli import aws, client_secrets
from local.cli.errors import LocalError
from local.cli.paths import LOGS, PROJECT, SAM, STATE, search_path
from local.cli.private_files import write_private

if TYPE_CHECKING:
    from local.cli.settings import LocalSettings

STACK_NAME = "staff0-local"
_MARK = STATE / "deployed"
_CONFIG = STATE / "samconfig.toml"
_SOURCES = ("template.yaml", "samconfig.toml", "packaging", "functions", "layers", "statemachine")


def parameters(settings: LocalSettings) -> dict[str, str]:
    """The template's parameters on this machine."""
    known = client_secrets.known_clients(settings)
    return {
        "Auth0Issuer": settings.issuer,
        "CibaClientId": known[client_secrets.HR_AGENT]["client_id"],
        "DirectoryClientId": known[client_secrets.DIRECTORY]["client_id"],
        "ClientAuthentication": settings.client_authentication,
        **({} if settings.has_client_keys else _client_secrets(known)),
        "AgentAudience": settings.hr_agent_auth0_audience,
        "HrApiAudience": settings.hr_api_auth0_audience,
        "RequestedExpirySeconds": str(settings.requested_expiry_seconds),
        "AgentBaseUrl": settings.agent_url,
        "HrApiBaseUrl": settings.hr_api_url,
        "AwsEndpointUrl": settings.aws_url,
        "GeminiModel": settings.gemini_model,
        "LoopbackWebhooks": "true",
        "StreamWindowSeconds": "3",  # so that whoever tries a stream sees windows end
        # A person at the laptop asks the same few employees all day.
        "PushesPerEmployeePerHour": "100",
        "PushesPerCallerPerHour": "10000",
        "EmployeesPerCallerPerHour": "10000",
        "EmployeesPerCallerPerDay": "100000",
        "CoolDownSeconds": "1",
        "TenantPushesPerSecond": "1000",  # the stand-in has no limit in all
        **({"GeminiApiKey": settings.google_api_key.get_secret_value()} if settings.google_api_key else {}),
    }


def _client_secrets(known: client_secrets.Clients) -> dict[str, str]:
    return {
        "CibaClientSecret": known[client_secrets.HR_AGENT]["client_secret"],
        "DirectoryClientSecret": known[client_secrets.DIRECTORY]["client_secret"],
    }


def deploy(settings: LocalSettings) -> bool:
    """True if it was deployed, False if nothing had changed. Raises LocalError with the end of sam's output."""
    wanted = parameters(settings)
    fingerprint = _fingerprint(wanted)
    if _MARK.exists() and _MARK.read_text() == fingerprint and _is_there(settings):
        return False
    _write_config(wanted)
    _sam(settings, "build", "--cached", "--parallel")
    _sam(settings, "deploy", "--config-file", str(_CONFIG), "--config-env", "local")
    _MARK.write_text(fingerprint)
    return True


def forget() -> None:
    """The next `deploy` deploys, whatever has changed."""
    _MARK.unlink(missing_ok=True)


def _write_config(wanted: dict[str, str]) -> None:
    """The local environment of samconfig.toml with its parameters: secrets have no place on a command line."""
    lines = (PROJECT / "samconfig.toml").read_text().split("[local.deploy.parameters]\n")
    overrides = [f"ParameterKey={key},ParameterValue={json.dumps(value)}" for key, value in wanted.items()]
    text = lines[0] + f"[local.deploy.parameters]\nparameter_overrides = {json.dumps(' '.join(overrides))}\n" + lines[1]
    write_private(_CONFIG, text)


def _sam(settings: LocalSettings, *arguments: str) -> None:
    environment = {**os.environ, **aws.environment(settings), "SAM_CLI_TELEMETRY": "0", "PATH": search_path()}
    done = subprocess.run(
        [str(SAM), *arguments],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    LOGS.mkdir(parents=True, exist_ok=True)
    (LOGS / f"sam-{arguments[0]}.log").write_text(done.stdout)
    if done.returncode:
        raise LocalError(f"sam {arguments[0]} failed:\n" + "\n".join(done.stdout.splitlines()[-12:]))


def _is_there(settings: LocalSettings) -> bool:
    cloudformation = aws.session().client("cloudformation", endpoint_url=settings.aws_url)
    try:
        [stack] = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"]
    except ClientError:
        return False
    return stack["StackStatus"].endswith("_COMPLETE") and "ROLLBACK" not in stack["StackStatus"]


def _fingerprint(wanted: dict[str, str]) -> str:
    digest = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode())
    for file in sorted(_files()):
        digest.update(str(file.relative_to(PROJECT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _files() -> list[Path]:
    found = [PROJECT / source for source in _SOURCES]
    inside = [file for folder in found if folder.is_dir() for file in folder.rglob("*")]
    return [file for file in [*found, *inside] if file.is_file() and "__pycache__" not in file.parts]
