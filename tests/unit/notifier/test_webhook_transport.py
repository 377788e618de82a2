"""Requests to receivers: what is sent, which response is a success, and limits on time and size."""

from __future__ import annotations

import socket
import threading
import time

import pytest
from notifier.http.dns import SocketAddress, resolve
from staff0.errors import WebhookFailed, WebhookGone

from tests.support.certificates import CertificateAuthority
from tests.support.fake_network import (
    HOST,
    NO_CONTENT,
    PUBLIC,
    FakeConnector,
    FakeResolver,
    failure_of,
    post_to,
    transport,
)
from tests.support.misbehaving_receiver import Script, repeat, respond, respond_status, run_receiver

# Many times the deadline, because a busy machine may stop a process for a second. The scripts here go on for longer.
IN_TIME_SECONDS = 10

# ---------------------------------------------------------------- requests, and which response is a success


@pytest.mark.parametrize("line", ["200 OK", "201 Created", "202 Accepted", "204 No Content", "299 Odd"])
def test_2xx_is_a_success(line: str) -> None:
    with run_receiver(respond_status(line)) as receiver:
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
def test_other_status_is_a_failure_with_its_number(line: str) -> None:
    assert failure_of(respond_status(line)) == f"the receiver answered {line.partition(' ')[0]}"


@pytest.mark.parametrize(("headers", "seconds"), [(["Retry-After: 30"], 30), (["retry-after: 7"], 7), ([], 0)])
def test_retry_after_is_in_error(headers: list[str], seconds: int) -> None:
    with run_receiver(respond_status("503 Later", *headers)) as receiver, pytest.raises(WebhookFailed) as error:
        post_to(receiver)
    assert error.value.retry_after_seconds == seconds


def test_410_says_that_receiver_is_gone() -> None:
    with run_receiver(respond_status("410 Gone")) as receiver, pytest.raises(WebhookGone):
        post_to(receiver)


@pytest.mark.parametrize("line", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"])
def test_redirect_is_not_followed(line: str) -> None:
    with run_receiver(NO_CONTENT) as inside:
        failure_of(respond_status(line, f"Location: http://127.0.0.1:{inside.port}/"))
    assert inside.connections == 0


def test_connection_is_not_reused() -> None:
    with run_receiver(NO_CONTENT) as receiver:
        post_to(receiver)
        post_to(receiver)
    assert receiver.connections == 2


def test_proxy_of_environment_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    with run_receiver(NO_CONTENT) as proxy, run_receiver(NO_CONTENT) as receiver:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        post_to(receiver)
    assert (proxy.connections, receiver.connections) == (0, 1)


def test_error_does_not_contain_response() -> None:
    messages = [failure_of(respond_status("500 canary")), failure_of(respond(b"canary\r\n\r\n"))]
    assert "canary" not in " ".join(messages)  # the URL contains it too


# ---------------------------------------------------------------- limits on time and size


def test_response_body_is_not_read() -> None:
    with run_receiver(repeat(b"x" * 100, after=b"HTTP/1.1 200 OK\r\n\r\n", every_seconds=0.01)) as receiver:
        post_to(receiver)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (lambda _: time.sleep(20), "TimeoutError"),
        (repeat(b"X", after=b"HTTP/1.1 200 OK\r\nX-Slow: ", every_seconds=0.05), "TimeoutError"),
        (repeat(b"HTTP/1.1 102 Processing\r\n\r\n", every_seconds=0.05), "TimeoutError"),
    ],
    ids=["silent", "trickling", "processing"],
)
def test_slow_response_is_cut_off_at_deadline(script: Script, reason: str) -> None:
    began = time.monotonic()
    assert failure_of(script) == f"no response: {reason}"
    assert time.monotonic() - began < IN_TIME_SECONDS


def test_receiver_that_never_reads_is_cut_off_at_deadline() -> None:
    began = time.monotonic()
    assert failure_of(lambda _: time.sleep(20), b"x" * 30_000_000, reads=False) == "no response: TimeoutError"
    assert time.monotonic() - began < IN_TIME_SECONDS


def test_receiver_that_reads_slowly_is_cut_off_at_deadline() -> None:
    def read_slowly(connection: socket.socket) -> None:
        while connection.recv(500_000, socket.MSG_WAITALL):
            time.sleep(0.5)

    began = time.monotonic()
    assert failure_of(read_slowly, b"x" * 30_000_000, reads=False) == "no response: TimeoutError"
    assert time.monotonic() - began < IN_TIME_SECONDS


def test_tls_handshake_is_cut_off_at_deadline(authority: CertificateAuthority) -> None:
    with run_receiver(lambda _: time.sleep(20), reads=False) as receiver:
        secured = transport(
            authority, connect=FakeConnector(receiver.port).connect, resolve=FakeResolver([[PUBLIC]]).resolve
        )
        began = time.monotonic()
        with pytest.raises(WebhookFailed, match="TimeoutError"):
            secured.post(f"https://{HOST}/", {}, b"{}")
        assert time.monotonic() - began < IN_TIME_SECONDS


def test_lookup_is_cut_off_at_deadline() -> None:
    never = threading.Event()

    def hanging(host: str, port: int) -> list[SocketAddress]:
        never.wait(20)
        return []

    began = time.monotonic()
    slow = transport(resolve=lambda host, port, seconds: resolve(host, port, seconds, hanging))
    with pytest.raises(WebhookFailed, match="TimeoutError"):
        slow.post(f"https://{HOST}/", {}, b"{}")
    assert time.monotonic() - began < IN_TIME_SECONDS
    never.set()


@pytest.mark.parametrize(
    "script",
    [
        respond(b"HTTP/1.1 200 OK\r\n", *[b"X-Long: " + b"x" * 1000 + b"\r\n"] * 60, b"\r\n"),
        repeat(b"HTTP/1.1 102 Processing\r\n\r\n" * 100),
    ],
    ids=["headers", "interim responses"],
)
def test_response_headers_are_limited(script: Script) -> None:
    assert failure_of(script) == "no response: ReadError"


@pytest.mark.parametrize(
    "script",
    [
        respond(),
        respond(b"\0\0\0"),
        respond(b"SSH-2.0-x\r\n"),
        respond(b"HTTP/1.1 abc\r\n\r\n"),
        respond(b"HTTP/1.1 200"),
    ],
    ids=["nothing", "zeros", "ssh", "no status", "half"],
)
def test_invalid_response_is_a_failure(script: Script) -> None:
    assert failure_of(script).startswith("no response: ")


def test_refused_connection_is_a_failure() -> None:
    with run_receiver(NO_CONTENT) as receiver:
        pass
    with pytest.raises(WebhookFailed, match="ConnectionRefusedError"):
        post_to(receiver)
