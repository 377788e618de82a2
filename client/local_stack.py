"""The local stack that runs from this folder, read from `.local/stack.json`."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from client.errors import UsageError

STACK_FILE = Path(".local") / "stack.json"


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
    """The stack of `folder` or of the nearest folder above it, None without one.

    Raises UsageError for a file that is not valid.
    """
    files = (parent / STACK_FILE for parent in (folder, *folder.parents))
    found = next((file for file in files if file.is_file()), None)
    return _load(found) if found else None


def _load(file: Path) -> Stack:
    try:
        return Stack.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        # Without its cause: that quotes the file, which holds secrets.
        raise UsageError(f"{file} cannot be read. Run `make up` to write it again.") from None
