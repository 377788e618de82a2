"""Keys come over real HTTP: once for many tokens, again for a new key, and never by following a redirect."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from staff0.auth import JwksKeys
from staff0.errors import KeysUnavailable

from tests.fakes.tenant_keys import FakeKeys


@dataclass
class Jwks:
    """What the address answers, and how often it was asked."""

    status: int = 200
    body: str = field(default_factory=lambda: json.dumps(FakeKeys().jwks()))
    asked: int = 0
    url: str = ""


@pytest.fixture
def jwks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Jwks]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    answer = Jwks()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer.asked += 1
            self.send_response(answer.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(answer.body.encode())

        def log_message(self, *_args: object) -> None:
            """Silent."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        answer.url = f"http://127.0.0.1:{server.server_port}/.well-known/jwks.json"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield answer
        server.shutdown()
        thread.join()


def test_many_tokens_cost_one_request(jwks: Jwks) -> None:
    keys = JwksKeys(jwks.url)
    keys.load()
    assert [keys.find("current") is not None for _ in range(3)] == [True] * 3
    assert jwks.asked == 1


def test_a_flood_of_unknown_keys_does_not_flood_the_issuer(jwks: Jwks) -> None:
    keys = JwksKeys(jwks.url)
    assert [keys.find(f"stranger-{n}") for n in range(20)] == [None] * 20
    assert jwks.asked == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, ""), (302, ""), (200, "<html>"), (200, "[]"), (200, '{"keys": []}'), (200, '{"keys": 1}'), (200, "")],
)
def test_keys_that_cannot_be_read_are_an_outage_not_a_bad_token(jwks: Jwks, status: int, body: str) -> None:
    jwks.status, jwks.body = status, body
    with pytest.raises(KeysUnavailable):
        JwksKeys(jwks.url).find("current")
    assert jwks.asked == 1


def test_an_outage_ends_when_the_issuer_is_back_and_a_flood_does_not_hold_it_down(jwks: Jwks) -> None:
    passed = [0.0]
    keys = JwksKeys(jwks.url, lambda: passed[0])
    jwks.status = 503
    for n in range(20):
        with pytest.raises(KeysUnavailable):
            keys.find(f"stranger-{n}")
    assert jwks.asked == 1
    jwks.status, passed[0] = 200, 5.0
    assert keys.find("current") is not None


def test_a_flood_of_unknown_keys_while_the_issuer_is_down_asks_once(
    jwks: Jwks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Known keys are good on, as long as they are kept."""
    keys = JwksKeys(jwks.url, lambda: 0.0)
    keys.load()
    later(monkeypatch, 31)
    jwks.status = 503
    for n in range(20):
        with pytest.raises(KeysUnavailable):
            keys.find(f"stranger-{n}")
        assert keys.find("current") is not None
    assert jwks.asked == 2


def test_old_and_new_keys_are_good_while_the_issuer_changes_over(jwks: Jwks, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = JwksKeys(jwks.url)
    keys.load()
    jwks.body = json.dumps(FakeKeys(("current", "next")).jwks())
    assert keys.find("next") is None  # asked a moment ago
    later(monkeypatch, 31)
    assert keys.find("next") is not None
    assert keys.find("current") is not None
    assert jwks.asked == 2


def test_a_key_that_the_issuer_withdraws_is_believed_no_longer_than_keys_are_kept(
    jwks: Jwks, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = JwksKeys(jwks.url)
    assert keys.find("current") is not None
    jwks.body = json.dumps(FakeKeys(("next",)).jwks())
    later(monkeypatch, 601)
    assert keys.find("current") is None
    assert keys.find("next") is not None


def test_a_key_for_another_use_verifies_nothing(jwks: Jwks) -> None:
    encryption = {**FakeKeys().jwks()["keys"][0], "kid": "enc", "use": "enc"}  # type: ignore[index]
    jwks.body = json.dumps({"keys": [*FakeKeys().jwks()["keys"], encryption]})  # type: ignore[misc]
    assert JwksKeys(jwks.url).find("enc") is None


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """For pyjwt, which goes by the clock of the process."""
    began = time.monotonic()
    monkeypatch.setattr("jwt.jwks_client.time.monotonic", lambda: began + seconds)


def test_an_issuer_that_is_gone_is_an_outage() -> None:
    with pytest.raises(KeysUnavailable):
        JwksKeys("http://127.0.0.1:9/jwks.json").load()
