"""Webhook receiver on a real socket, with a script for its response."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

type Script = Callable[[socket.socket], None]
"""Runs on the connection after the request was read."""


@dataclass
class Receiver:
    """`requests` are the raw bytes; `server_names` are the names of the TLS handshakes (SNI)."""

    port: int
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    server_names: list[str | None] = field(default_factory=list)


def respond(*chunks: bytes, every_seconds: float = 0) -> Script:
    def script(connection: socket.socket) -> None:
        for chunk in chunks:
            connection.sendall(chunk)
            time.sleep(every_seconds)

    return script


def repeat(chunk: bytes, after: bytes = b"", every_seconds: float = 0) -> Script:
    """Sends `chunk` again and again, until the other side closes the connection."""

    def script(connection: socket.socket) -> None:
        connection.sendall(after)
        while True:
            connection.sendall(chunk)
            time.sleep(every_seconds)

    return script


def respond_status(line: str, *headers: str) -> Script:
    return respond("\r\n".join([f"HTTP/1.1 {line}", *headers, "Content-Length: 0", "", ""]).encode())


@contextmanager
def run_receiver(script: Script, tls: ssl.SSLContext | None = None, *, reads: bool = True) -> Iterator[Receiver]:
    """Runs a receiver on a free port of this machine. Without `reads` it never reads the request."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        receiver = Receiver(listener.getsockname()[1])
        if tls:
            tls.sni_callback = lambda _socket, name, _context: receiver.server_names.append(name)
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                with suppress(OSError):
                    connection, _ = listener.accept()
                    receiver.connections += 1
                    threading.Thread(
                        target=_serve, args=(connection, receiver, script, tls, reads), daemon=True
                    ).start()

        listener.settimeout(0.05)
        server = threading.Thread(target=serve, daemon=True)
        server.start()
        try:
            yield receiver
        finally:
            ended.set()
            server.join()


def _serve(
    connection: socket.socket, receiver: Receiver, script: Script, tls: ssl.SSLContext | None, reads: bool
) -> None:
    connection.settimeout(5)
    with suppress(OSError), connection, _with_tls(connection, tls) as stream:
        if reads:
            receiver.requests.append(_request(stream))
        script(stream)


def _with_tls(connection: socket.socket, tls: ssl.SSLContext | None) -> socket.socket:
    return tls.wrap_socket(connection, server_side=True) if tls else connection


def _request(connection: socket.socket) -> bytes:
    """Reads a request with a Content-Length."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _receive(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += _receive(connection)
    return head + b"\r\n\r\n" + body


def _receive(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionResetError
    return data
