"""Files for this user's eyes only."""

import os
from pathlib import Path


def write_private(file: Path, text: str) -> None:
    """A new file each time: an older one may have been open to others."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
        out.write(text)
