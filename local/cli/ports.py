"""Ports and network addresses of this machine."""

import fcntl
import socket
import struct

from local.errors import LocalError

_SIOCGIFADDR = 0x8915


def require_free(port: int, variable: str, what: str) -> None:
    """Raises LocalError, with the port and the variable that changes it, if another program uses the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise LocalError(
                f"Another program uses port {port}, which is the port of {what}. "
                f"Choose another port: {variable}=… in .env or in the environment."
            ) from None


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def docker_bridge() -> str | None:
    """Address of this machine for containers of a Docker engine on Linux; None without such an engine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as query:
        try:
            answer = fcntl.ioctl(query.fileno(), _SIOCGIFADDR, struct.pack("256s", b"docker0"))
        except OSError:
            return None
    return socket.inet_ntoa(answer[20:24])
