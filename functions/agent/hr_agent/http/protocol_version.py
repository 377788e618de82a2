"""The versions of A2A that this agent speaks (A2A 3.6)."""

import re
from typing import Final

from a2a.utils.constants import PROTOCOL_VERSION_0_3, PROTOCOL_VERSION_1_0

_VERSION: Final = re.compile(r"([0-9]+\.[0-9]+)(?:\.[0-9]+)?")
_SUPPORTED: Final = {PROTOCOL_VERSION_0_3, PROTOCOL_VERSION_1_0}


def supported_version(named: str) -> str | None:
    """Major and minor number of a named version, of which the patch number does not count; None for any other text."""
    found = _VERSION.fullmatch(named)
    return found[1] if found and found[1] in _SUPPORTED else None


def spoken_version(named: str) -> str | None:
    """The same for a call, in which an empty value means 0.3 (A2A 3.6.2)."""
    return supported_version(named) if named else PROTOCOL_VERSION_0_3
