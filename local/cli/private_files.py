"""Files that only the current user can read."""

import os
from pathlib import Path


def write_private(file: Path, text: str) -> None:
    """Writes a file with mode 600. It deletes an existing file first, because its mode may be wider."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
        out.write(text)
