"""A receiver is nobody's friend: where it is, who it is, how it answers and how long it takes."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpcore
import pytest
from notifier.network import Dial, Resolve, dial
from notifier.resolving import Address, resolve
from notifier.transport import Transport
from staff0.errors import WebhookFailed, WebhookRefused

from tests.fakes.certificates import Authority
from tests.fakes.receiver import Receiver, Script, answer, receiving, repeat, status

HOST = "hooks.example.com"
PUBLIC, ANOTHER, PUBLIC_6 = "93.184.216.34", "93.184.216.35", "2606:2800:220:1::1"
DEADLINE_SECONDS = 0.6
NO_CONTENT = status("204 No Content")


def address(host: str, port: int = 443) -> Address:
    return Address(socket.AF_INET6, (host, port, 0, 0)) if ":" in host else Address(socket.AF_INET, (host, port))


@dataclass
class Names:
    """A name server: each look-up gets the next answer, the last one again and again."""

    answers: list[list[str]]
    asked: list[str] = field(default_factory=list)

    def resolve(self, host: str, port: int, seconds: float) -> list[Address]:
        self.asked.append(host)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [address(each, port) for each in found]


@dataclass
class Wires:
    """Where connections went. All public addresses lead to the one port of this machine, the dead ones nowhere."""

    port: int = 9
    dead: frozenset[str] = frozenset()
    dialled: list[str] = field(default_factory=list)

    def dial(self, to: Address, seconds: float) -> socket.socket:
        self.dialled.append(to.host)
        if to.host in self.dead:
            raise ConnectionRefusedError
        return dial(address("127.0.0.1", self.port), seconds)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def transport(
    authority: Authority | None = None,
    *,
    allow_loopback: bool = False,
    resolve: Resolve = resolve,
    dial: Dial = dial,
) -> Transport:
    tls = authority.trusted() if authority else httpcore.default_ssl_context()
    return Transport(tls, allow_loopback, resolve, dial, deadline_seconds=DEADLINE_SECONDS)


def post_to(receiver: Receiver, content: bytes = b"{}") -> None:
    """To a receiver on this machine, by plain http, as on a laptop."""
    url = f"http://127.0.0.1:{receiver.port}/hook?of=canary"
    transport(allow_loopback=True).post(url, {"X-A2A-Notification-Token": "t"}, content)


def failing(script: Script, content: bytes = b"{}", *, reads: bool = True) -> str:
    """What is said of a receiver that answers like this."""
    with receiving(script, reads=reads) as receiver, pytest.raises(WebhookFailed) as error:
        post_to(receiver, content)
    return str(error.value)


# ---------------------------------------------------------------- what is sent, and which answer is a success


@pytest.mark.parametrize("line", ["200 OK", "201 Created", "202 Accepted", "204 No Content", "299 Odd"])
def test_any_2xx_is_a_success(line: str) -> None:
    with receiving(status(line)) as receiver:
        post_to(receiver, b'{"a": 1}')
    [request] = receiver.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.split(b"\r\n") == [
        b"POST /hook?of=canary HTTP/1.1",
        f"Host: 127.0.0.1:{receiver.port}".encode(),
        b"X-A2A-Notification-Token: t",
        b"Content-Length: 8",
    ]
    assert body == b'{"a": 1}'


@pytest.mark.parametrize(
    "line", ["301 Moved", "302 Found", "304 Not Modified", "400 Bad", "404 Gone", "429 Slow", "500 Oh", "503 Later"]
)
def test_any_other_answer_is_a_failure_named_by_its_status(line: str) -> None:
    assert failing(status(line)) == f"the receiver answers {line.partition(' ')[0]}"


@pytest.mark.parametrize("line", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_not_followed(line: str) -> None:
    with receiving(NO_CONTENT) as inside:
        failing(status(line, f"Location: http://127.0.0.1:{inside.port}/"))
    assert inside.connections == 0


def test_every_request_has_a_connection_of_its_own() -> None:
    with receiving(NO_CONTENT) as receiver:
        post_to(receiver)
        post_to(receiver)
    assert receiver.connections == 2


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(NO_CONTENT) as proxy, receiving(NO_CONTENT) as receiver:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        post_to(receiver)
    assert (proxy.connections, receiver.connections) == (0, 1)


def test_what_the_receiver_says_stands_in_no_error() -> None:
    said = [failing(status("500 canary")), failing(answer(b"canary\r\n\r\n"))]
    assert "canary" not in " ".join(said)  # nor does the address, which holds it too


# ---------------------------------------------------------------- how long it takes, and how much is read


def test_the_body_of_an_answer_is_not_waited_for() -> None:
    with receiving(repeat(b"x" * 100, after=b"HTTP/1.1 200 OK\r\n\r\n", every_seconds=0.01)) as receiver:
        post_to(receiver)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (lambda _: time.sleep(5), "TimeoutError"),
        (repeat(b"X", after=b"HTTP/1.1 200 OK\r\nX-Slow: ", every_seconds=0.05), "TimeoutError"),
        (repeat(b"HTTP/1.1 102 Processing\r\n\r\n", every_seconds=0.05), "TimeoutError"),
    ],
    ids=["silent", "trickling", "processing"],
)
def test_a_receiver_that_takes_its_time_is_cut_off_at_the_deadline(script: Script, reason: str) -> None:
    began = time.monotonic()
    assert failing(script) == f"no answer: {reason}"
    assert time.monotonic() - began < 2 * DEADLINE_SECONDS


def test_a_receiver_that_does_not_read_is_cut_off_at_the_deadline() -> None:
    began = time.monotonic()
    assert failing(lambda _: time.sleep(2), b"x" * 30_000_000, reads=False) == "no answer: TimeoutError"
    assert time.monotonic() - began < 2 * DEADLINE_SECONDS


def test_a_receiver_that_reads_a_little_now_and_then_is_cut_off_at_the_deadline() -> None:
    def sip(connection: socket.socket) -> None:
        while connection.recv(500_000, socket.MSG_WAITALL):
            time.sleep(0.1)

    began = time.monotonic()
    assert failing(sip, b"x" * 30_000_000, reads=False) == "no answer: TimeoutError"
    assert time.monotonic() - began < 2 * DEADLINE_SECONDS


def test_a_tls_handshake_is_cut_off_at_the_deadline(authority: Authority) -> None:
    with receiving(lambda _: time.sleep(2), reads=False) as receiver:
        secured = transport(authority, dial=Wires(receiver.port).dial, resolve=Names([[PUBLIC]]).resolve)
        began = time.monotonic()
        with pytest.raises(WebhookFailed, match="TimeoutError"):
            secured.post(f"https://{HOST}/", {}, b"{}")
        assert time.monotonic() - began < 2 * DEADLINE_SECONDS


def test_a_name_server_is_cut_off_at_the_deadline() -> None:
    never = threading.Event()

    def hanging(host: str, port: int) -> list[Address]:
        never.wait(5)
        return []

    began = time.monotonic()
    slow = transport(resolve=lambda host, port, seconds: resolve(host, port, seconds, hanging))
    with pytest.raises(WebhookFailed, match="TimeoutError"):
        slow.post(f"https://{HOST}/", {}, b"{}")
    assert time.monotonic() - began < 2 * DEADLINE_SECONDS
    never.set()


@pytest.mark.parametrize(
    "script",
    [
        answer(b"HTTP/1.1 200 OK\r\n", *[b"X-Long: " + b"x" * 1000 + b"\r\n"] * 60, b"\r\n"),
        repeat(b"HTTP/1.1 102 Processing\r\n\r\n" * 100),
    ],
    ids=["headers", "interim answers"],
)
def test_a_head_without_end_is_not_read_to_its_end(script: Script) -> None:
    assert failing(script) == "no answer: ReadError"


@pytest.mark.parametrize(
    "script",
    [answer(), answer(b"\0\0\0"), answer(b"SSH-2.0-x\r\n"), answer(b"HTTP/1.1 abc\r\n\r\n"), answer(b"HTTP/1.1 200")],
    ids=["nothing", "zeros", "ssh", "no status", "half"],
)
def test_an_answer_that_cannot_be_read_is_a_failure(script: Script) -> None:
    assert failing(script).startswith("no answer: ")


def test_nobody_there_is_a_failure() -> None:
    with receiving(NO_CONTENT) as receiver:
        pass
    with pytest.raises(WebhookFailed, match="ConnectionRefusedError"):
        post_to(receiver)


# ---------------------------------------------------------------- where it leads


def test_a_name_that_leads_elsewhere_the_second_time_is_connected_where_it_was_checked() -> None:
    """DNS rebinding: a check that looks up for itself, and a connection that looks up again."""
    names, wires = Names([[PUBLIC], ["127.0.0.1"]]), Wires(dead=frozenset({PUBLIC}))
    with pytest.raises(WebhookFailed):
        transport(resolve=names.resolve, dial=wires.dial).post(f"https://{HOST}/", {}, b"{}")
    assert wires.dialled == [PUBLIC]
    assert names.asked == [HOST]


INSIDE = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00:ec2::254", "::ffff:10.0.0.1", "fe80::1%eth0"]


@pytest.mark.parametrize("inside", INSIDE)
@pytest.mark.parametrize("place", [0, 1])
def test_a_name_that_also_leads_inside_is_connected_nowhere(inside: str, place: int) -> None:
    found = [PUBLIC]
    found.insert(place, inside)
    wires = Wires()
    with pytest.raises(WebhookRefused):
        transport(resolve=Names([found]).resolve, dial=wires.dial).post(f"https://{HOST}/", {}, b"{}")
    assert wires.dialled == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "https://127.0.0.1:{port}/"])
def test_loopback_is_called_only_where_the_stack_is_on_one_machine(url: str) -> None:
    with receiving(NO_CONTENT) as receiver, pytest.raises(WebhookRefused):
        transport().post(url.format(port=receiver.port), {}, b"{}")
    assert receiver.connections == 0


def test_an_address_that_does_not_answer_is_followed_by_the_next_ipv4_first() -> None:
    wires = Wires(dead=frozenset({PUBLIC, ANOTHER, PUBLIC_6}))
    with pytest.raises(WebhookFailed, match="ConnectionRefusedError"):
        transport(resolve=Names([[PUBLIC_6, PUBLIC, ANOTHER]]).resolve, dial=wires.dial).post(
            f"https://{HOST}/", {}, b"{}"
        )
    assert wires.dialled == [PUBLIC, ANOTHER, PUBLIC_6]


def test_a_name_that_leads_nowhere_is_a_failure() -> None:
    with pytest.raises(WebhookFailed, match="gaierror"):
        transport().post(f"https://{'a.' * 130}example.com/", {}, b"{}")


# ---------------------------------------------------------------- who it is


@pytest.fixture
def secured(authority: Authority, tmp_path: Path) -> Iterator[Receiver]:
    with receiving(NO_CONTENT, authority.server(HOST, tmp_path)) as receiver:
        yield receiver


def test_the_certificate_is_asked_for_by_the_name_in_the_url_whatever_the_address(
    authority: Authority, secured: Receiver
) -> None:
    wires = Wires(secured.port, dead=frozenset({PUBLIC}))
    transport(authority, resolve=Names([[PUBLIC, ANOTHER]]).resolve, dial=wires.dial).post(
        f"https://{HOST}/hook", {}, b"{}"
    )
    assert wires.dialled == [PUBLIC, ANOTHER]
    assert secured.server_names == [HOST]
    assert f"\r\nHost: {HOST}\r\n".encode() in secured.requests[0]


def test_another_port_stands_in_the_host_header(authority: Authority, secured: Receiver) -> None:
    wires = Wires(secured.port)
    transport(authority, resolve=Names([[PUBLIC]]).resolve, dial=wires.dial).post(f"https://{HOST}:8443/", {}, b"{}")
    assert f"\r\nHost: {HOST}:8443\r\n".encode() in secured.requests[0]


def test_an_ipv6_address_stands_in_brackets_in_the_host_header() -> None:
    """RFC 3986 3.2.2: else its end cannot be told from the port."""
    with receiving(NO_CONTENT) as receiver:
        transport(allow_loopback=True, dial=Wires(receiver.port).dial).post("http://[::1]:8000/", {}, b"{}")
    assert b"\r\nHost: [::1]:8000\r\n" in receiver.requests[0]


def test_a_certificate_of_another_name_gets_nothing(authority: Authority, secured: Receiver) -> None:
    wires = Wires(secured.port)
    impostor = transport(authority, resolve=Names([[PUBLIC]]).resolve, dial=wires.dial)
    with pytest.raises(WebhookFailed, match="SSLCertVerificationError"):
        impostor.post("https://other.example.com/", {"X-A2A-Notification-Token": "t"}, b"{}")
    assert secured.requests == []


def test_a_certificate_of_an_unknown_authority_gets_nothing(secured: Receiver) -> None:
    wires = Wires(secured.port)
    with pytest.raises(WebhookFailed, match="SSLCertVerificationError"):
        transport(resolve=Names([[PUBLIC]]).resolve, dial=wires.dial).post(f"https://{HOST}/", {}, b"{}")
    assert secured.requests == []
