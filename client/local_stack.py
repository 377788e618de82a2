"""The local stack of this project, read from its `.local/stack.json`."""

import os
import stat
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from client.errors import UsageError

PROJECT: Final = Path(__file__).parents[1]
STACK_FILE: Final = Path(".local") / "stack.json"


class StackClient(BaseModel):
    """One registered client of the local identity provider."""

    model_config = ConfigDict(frozen=True)

    client_id: str
    client_secret: SecretStr


class Stack(BaseModel):
    """The fields of the file that this program uses."""

    model_config = ConfigDict(frozen=True)

    agent_url: str
    issuer: str
    agent_audience: str
    clients: dict[str, StackClient] = {}


def find_stack(folder: Path) -> Stack | None:
    """The stack of the project in this folder, None without one.

    No folder above is read: its file could name an attacker's agent and identity provider. Raises UsageError for a file
    that is not valid, or that another user of this machine could have written.
    """
    file = folder / STACK_FILE
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError:
        raise _unreadable(file) from None
    with os.fdopen(descriptor, "rb") as opened:
        _require_own(file.parent, file.parent.stat())
        _require_own(file, os.fstat(descriptor))
        return _parse(file, opened.read())


def _require_own(path: Path, status: os.stat_result) -> None:
    if status.st_uid != os.getuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise UsageError(
            f"{path} is not used: another user owns it or may change it. Run `make up`, which makes it private."
        )


def _parse(file: Path, content: bytes) -> Stack:
    try:
        return Stack.model_validate_json(content)
    except ValidationError:
        # Without its cause: that quotes the file, which holds secrets.
        raise _unreadable(file) from None


def _unreadable(file: Path) -> UsageError:
    return UsageError(f"{file} cannot be read. Run `make up` to write it again.")
