"""`make start-api`: both APIs in Lambda containers, by `sam local start-api` at SAM_LOCAL_PORT."""

import os
import subprocess

from local.cli import aws
from local.cli.paths import PROJECT, SAM, search_path
from local.cli.ports import require_free
from local.cli.settings import LocalSettings


def start_api(settings: LocalSettings) -> int:
    """Runs until Ctrl-C and returns sam's exit code. The stack must run. Raises LocalError if the port is taken."""
    require_free(settings.sam_local_port, "SAM_LOCAL_PORT", "`sam local`")
    environment = {**os.environ, **aws.CREDENTIALS, "SAM_CLI_TELEMETRY": "0", "PATH": search_path()}
    sam = subprocess.Popen(command(settings), cwd=PROJECT, env=environment)
    try:
        return sam.wait()
    except KeyboardInterrupt:
        sam.wait()  # it got Ctrl-C too, and removes its containers
        raise


def command(settings: LocalSettings) -> list[str]:
    """The command line of sam."""
    port = str(settings.sam_local_port)
    return [str(SAM), "local", "start-api", "--config-env", "local", "--port", port]
