"""A receiver is nobody's friend: what is sent, how it answers, and how long it takes."""

from __future__ import annotations

import socket
import threading
import time

import pytest
from notifier.http.dns import Address, resolve
from staff0.errors import WebhookFailed

from tests.support.certificates import CertificateAuthority
from tests.support.misbehaving_receiver import Script, answer, receiving, repeat, status
from tests.support.posting import DEADLINE_SECONDS, HOST, NO_CONTENT, PUBLIC, Names, Wires, failing, post_to, transport

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


def test_a_tls_handshake_is_cut_off_at_the_deadline(authority: CertificateAuthority) -> None:
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
