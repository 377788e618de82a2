"""Ports and addresses of this machine."""

import fcntl
import socket
import struct

from local.cli.errors import LocalError

_SIOCGIFADDR = 0x8915


def require_free(port: int, variable: str, what: str) -> None:
    """Raises LocalError naming the port and the variable that changes it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise LocalError(
                f"Port {port}, for {what}, is taken by another program. "
                f"Choose another one: {variable}=… in .env or in the environment."
            ) from None


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def docker_bridge() -> str | None:
    """Address at which a Linux engine's containers reach this machine; None where there is no such bridge."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as query:
        try:
            answer = fcntl.ioctl(query.fileno(), _SIOCGIFADDR, struct.pack("256s", b"docker0"))
        except OSError:
            return None
    return socket.inet_ntoa(answer[20:24])
