"""The processor of this machine, by Lambda's name for it: the emulator runs the functions here."""

import platform
from typing import Final

_LAMBDA_NAMES: Final = {"aarch64": "arm64"}


def host_architecture() -> str:
    machine = platform.machine()
    return _LAMBDA_NAMES.get(machine, machine)
