"""`sam build` and `sam deploy` to the emulator, if the sources or the parameters have changed."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from local.cli import aws
from local.cli.architecture import host_architecture
from local.cli.paths import LOGS, PROJECT, SAM, STATE, search_path
from local.cli.private_files import write_private
from local.cli.services import network_environment
from local.cli.source_fingerprint import source_fingerprint
from local.cli.stack_parameters import stack_parameters
from local.errors import LocalError

if TYPE_CHECKING:
    from local.cli.settings import LocalSettings

STACK_NAME = "staff0-local"
_FINGERPRINT = STATE / "deployed"
_CONFIG = STATE / "samconfig.toml"
# The build itself has the architecture from the environment. sam's cache goes by the parameter.
BUILD_OPTIONS = ("--config-env", "local", "--parameter-overrides", f"Architecture={host_architecture()}")


def deploy(settings: LocalSettings) -> bool:
    """Returns whether it deployed the stack; False means no change. Raises LocalError with the end of sam's output."""
    parameters = stack_parameters(settings)
    fingerprint = source_fingerprint(parameters)
    if _FINGERPRINT.exists() and _FINGERPRINT.read_text() == fingerprint and _is_deployed(settings):
        return False
    write_samconfig(parameters)
    _run_sam(settings, "build", *BUILD_OPTIONS)
    _run_sam(settings, "deploy", "--config-file", str(_CONFIG), "--config-env", "local")
    write_private(_FINGERPRINT, fingerprint)
    return True


def require_deployment() -> None:
    """Makes the next `deploy` deploy even if nothing has changed."""
    _FINGERPRINT.unlink(missing_ok=True)


def write_samconfig(parameters: dict[str, str]) -> None:
    """Copies samconfig.toml and adds the parameters to its local environment. Secrets thus stay off command lines."""
    lines = (PROJECT / "samconfig.toml").read_text().split("[local.deploy.parameters]\n")
    overrides = [f"ParameterKey={key},ParameterValue={json.dumps(value)}" for key, value in parameters.items()]
    text = lines[0] + f"[local.deploy.parameters]\nparameter_overrides = {json.dumps(' '.join(overrides))}\n" + lines[1]
    write_private(_CONFIG, text)


def _run_sam(settings: LocalSettings, *arguments: str) -> None:
    done = subprocess.run(
        [str(SAM), *arguments],
        cwd=PROJECT,
        env=sam_environment(settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    LOGS.mkdir(parents=True, exist_ok=True)
    write_private(LOGS / f"sam-{arguments[0]}.log", done.stdout)
    if done.returncode:
        raise LocalError(f"sam {arguments[0]} failed:\n" + "\n".join(done.stdout.splitlines()[-12:]))


def sam_environment(settings: LocalSettings) -> dict[str, str]:
    """The build downloads packages, so it has the certificates and the proxy of .env too."""
    network = network_environment(settings)
    sam = {"SAM_CLI_TELEMETRY": "0", "ARCHITECTURE": host_architecture(), "PATH": search_path()}
    return {**os.environ, **network, **aws.environment(settings), **sam}


def _is_deployed(settings: LocalSettings) -> bool:
    cloudformation = aws.session().client("cloudformation", endpoint_url=settings.aws_url)
    try:
        [stack] = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"]
    except ClientError:
        return False
    return stack["StackStatus"].endswith("_COMPLETE") and "ROLLBACK" not in stack["StackStatus"]
