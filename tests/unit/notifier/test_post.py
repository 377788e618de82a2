"""The call to a stranger's address, over real sockets: it cannot be led inside, and nobody can hold it."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from notifier.notification import Body
from notifier.post import Poster, resolve
from staff0.errors import WebhookFailed, WebhookRefused

BODY = Body(b'{"task": {}}', "application/a2a+json")
HEADERS = {"X-A2A-Notification-Token": "token"}
NAME = "hooks.example.com"
OK = b"HTTP/1.1 204 No Content\r\n\r\n"

type Serve = Callable[[socket.socket], None]


@dataclass
class Server:
    """Takes one connection after the other and does with it what `serve` does; keeps what it read."""

    serve: Serve
    requests: list[bytes] = field(default_factory=list)
    server_names: list[str | None] = field(default_factory=list)
    port: int = 0

    @contextmanager
    def running(self, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
            thread = threading.Thread(target=self._accept, args=(listener, tls), daemon=True)
            thread.start()
            yield self
            listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)

    def _accept(self, listener: socket.socket, tls: ssl.SSLContext | None) -> None:
        while True:
            try:
                connection, _ = listener.accept()
                with tls.wrap_socket(connection, server_side=True) if tls else connection as opened:
                    self.requests.append(whole_request(opened))
                    self.serve(opened)
            except ssl.SSLError:
                continue
            except OSError:
                return


def whole_request(connection: socket.socket) -> bytes:
    read = b""
    while not (read.endswith(BODY.content) or (chunk := connection.recv(65_536)) == b""):
        read += chunk
    return read


def answering(answer: bytes) -> Server:
    return Server(lambda connection: connection.sendall(answer))


def url(server: Server, host: str = "127.0.0.1", scheme: str = "http") -> str:
    return f"{scheme}://{host}:{server.port}/hook?case=7"


def test_one_request_with_the_body_and_the_headers() -> None:
    with answering(OK).running() as server:
        assert Poster(allow_loopback=True).post(url(server), HEADERS, BODY) == 204
    [request] = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /hook?case=7 HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}".encode() in head
    assert b"Content-Type: application/a2a+json" in head
    assert b"X-A2A-Notification-Token: token" in head
    assert body == BODY.content


def test_without_the_local_setting_loopback_is_not_even_connected_to() -> None:
    with answering(OK).running() as server, pytest.raises(WebhookRefused):
        Poster(allow_loopback=False).post(url(server), HEADERS, BODY)
    assert server.requests == []


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["::1"], ["169.254.169.254"], ["93.184.216.34", "127.0.0.1"], ["10.0.0.1"]]
)
def test_a_public_name_that_leads_inside_is_not_followed_there(addresses: list[str]) -> None:
    """Also not when only one of its addresses does: which one is taken would be chance."""
    poster = Poster(allow_loopback=False, resolve=lambda host, port: addresses)
    with answering(OK).running() as server, pytest.raises(WebhookRefused):
        poster.post(url(server, NAME, "https"), HEADERS, BODY)
    assert server.requests == []


def test_what_was_checked_is_what_is_connected_to() -> None:
    """A name that changes between the check and the connection (DNS rebinding) is asked once."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    with answering(OK).running() as server:
        assert Poster(allow_loopback=True, resolve=rebinding).post(url(server, "localhost"), HEADERS, BODY) == 204
    assert asked == ["localhost"]


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    with answering(OK).running() as server:
        poster = Poster(allow_loopback=True, resolve=lambda host, port: ["127.1.2.3", "127.0.0.1"])
        assert poster.post(url(server, "localhost"), HEADERS, BODY) == 204


def test_a_redirect_is_an_answer_and_leads_nowhere() -> None:
    with answering(OK).running() as inside:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {url(inside)}\r\nContent-Length: 0\r\n\r\n".encode()
        with answering(moved).running() as server:
            assert Poster(allow_loopback=True).post(url(server), HEADERS, BODY) == 307
    assert inside.requests == []


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with answering(OK).running() as server:
        assert Poster(allow_loopback=True).post(url(server), HEADERS, BODY) == 204


def drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(100):
        time.sleep(0.05)
        connection.sendall(b"a")


def flood(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        connection.sendall(f"X-{number}: {'a' * 100}\r\n".encode())


@pytest.mark.parametrize("serve", [drip, flood, lambda connection: time.sleep(2)], ids=["drip", "flood", "silence"])
def test_nobody_holds_the_call_or_fills_the_memory(serve: Serve) -> None:
    with Server(serve).running() as server:
        begin = time.monotonic()
        with pytest.raises(WebhookFailed):
            Poster(allow_loopback=True, seconds=0.5).post(url(server), HEADERS, BODY)
        assert time.monotonic() - begin < 1.5


def test_the_body_of_the_answer_is_not_read() -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + b"x" * 100_000
    with answering(endless).running() as server:
        assert Poster(allow_loopback=True).post(url(server), HEADERS, BODY) == 200


@pytest.mark.parametrize("answer", [b"", b"junk\r\n\r\n", b"HTTP/1.1 999999 x\r\n\r\n"])
def test_what_is_no_answer_of_http_is_a_failure(answer: bytes) -> None:
    with answering(answer).running() as server, pytest.raises(WebhookFailed):
        Poster(allow_loopback=True).post(url(server), HEADERS, BODY)


def test_nobody_there_is_a_failure() -> None:
    with answering(OK).running() as server:
        gone = url(server)
    with pytest.raises(WebhookFailed):
        Poster(allow_loopback=True).post(gone, HEADERS, BODY)


def test_a_name_that_nobody_knows_is_a_failure() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror

    with pytest.raises(WebhookFailed):
        Poster(allow_loopback=False, resolve=unknown).post("https://hooks.example.com/", HEADERS, BODY)


def test_names_of_this_machine_resolve_to_ipv4_first() -> None:
    assert resolve("localhost", 80)[0] == "127.0.0.1"


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of its own authority, for `localhost`, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def serving(certificate: Path, server: Server) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _, name, __: server.server_names.append(name)
    return context


def test_the_certificate_is_checked_against_the_name_not_the_address(certificate: Path) -> None:
    server = answering(OK)
    trusting = ssl.create_default_context(cafile=certificate)
    poster = Poster(allow_loopback=True, resolve=lambda host, port: ["127.0.0.1"], tls=trusting)
    with server.running(serving(certificate, server)):
        assert poster.post(url(server, "localhost", "https"), HEADERS, BODY) == 204
        assert server.server_names == ["localhost"]
        assert f"Host: localhost:{server.port}".encode() in server.requests[0]
        with pytest.raises(WebhookFailed):  # another name at the same address
            poster.post(url(server, "127.0.0.1", "https"), HEADERS, BODY)


def test_a_certificate_nobody_vouches_for_is_a_failure(certificate: Path) -> None:
    server = answering(OK)
    with server.running(serving(certificate, server)), pytest.raises(WebhookFailed):
        Poster(allow_loopback=True).post(url(server, "localhost", "https"), HEADERS, BODY)
