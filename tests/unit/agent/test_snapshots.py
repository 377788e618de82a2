"""SnapStart: environments that are resumed from one snapshot differ where they must, and use nothing that has ended.

The hooks run as the client of Lambda's runtime runs them (awslambdaric, lambda_runtime_hooks_runner.py).
"""

from __future__ import annotations

import json
import random
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import snapshot_restore_py  # type: ignore[import-untyped]
from hr_agent import snapshots
from staff0 import aws_clients

from tests.support.http_servers import Quiet, Serving


class FakeAws(Serving):
    """KMS, and the endpoint from which a SnapStart function has its credentials instead of from variables."""

    def __init__(self) -> None:
        self.connections: set[tuple[str, int]] = set()
        self.signers: list[str] = []
        self.credentials: list[timedelta] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        aws = self

        class Handler(Quiet, BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"  # keeps connections

            def do_POST(self) -> None:
                aws.connections.add(self.client_address)
                aws.signers.append(self.headers["Authorization"].partition("Credential=")[2].partition("/")[0])
                self.rfile.read(int(self.headers["Content-Length"]))
                self._send({"KeyId": "key", "Mac": ""})

            def do_GET(self) -> None:
                valid = aws.credentials.pop(0)
                number = "new" if valid > timedelta() else "old"
                expiration = (datetime.now(UTC) + valid).strftime("%Y-%m-%dT%H:%M:%SZ")
                fields = {"AccessKeyId": number, "SecretAccessKey": "s", "Token": "t", "Expiration": expiration}
                self._send(fields)

            def _send(self, fields: dict[str, str]) -> None:
                body = json.dumps(fields).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Handler


@pytest.fixture(autouse=True)
def hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one import of the handler."""
    monkeypatch.setattr(snapshot_restore_py, "_before_snapshot_registry", [])
    monkeypatch.setattr(snapshot_restore_py, "_after_restore_registry", [])
    snapshots.register_hooks()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    """The clients of a new process, which call this AWS."""
    made = (aws_clients._session, aws_clients.kms, aws_clients.dynamodb, aws_clients.step_functions)
    for make in made:
        make.cache_clear()
    monkeypatch.setattr(aws_clients, "_made", [])
    with FakeAws() as fake:
        monkeypatch.setenv("AWS_ENDPOINT_URL", fake.url)
        yield fake
    for make in made:
        make.cache_clear()


def snapshot() -> None:
    registry = snapshot_restore_py.get_before_snapshot()
    while registry:
        function, args, kwargs = registry.pop()
        function(*args, **kwargs)


def restore() -> None:
    for function, args, kwargs in snapshot_restore_py.get_after_restore():
        function(*args, **kwargs)


def call_kms() -> None:
    aws_clients.kms().generate_mac(KeyId="key", Message=b"m", MacAlgorithm="HMAC_SHA_256")


def test_environments_wait_for_different_times() -> None:
    """Writers of one task that met would meet again at each attempt, and callers' retries would come in one moment."""
    state, waits = random.getstate(), set()
    for _ in range(3):
        random.setstate(state)
        restore()
        waits.add(random.random())  # noqa: S311 - what retries use
    assert len(waits) == 3


def test_tls_of_each_environment_gets_a_seed_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS vouches for OpenSSL 1.0.2 and for the kernel's generator; Python 3.13 uses OpenSSL 3."""
    seeds: list[bytes] = []
    monkeypatch.setattr(ssl, "RAND_add", lambda seed, _entropy: seeds.append(seed))
    restore()
    restore()
    assert len(set(seeds)) == 2
    assert all(len(seed) >= 32 for seed in seeds)


def test_connection_of_the_snapshot_is_not_used(aws: FakeAws) -> None:
    call_kms()
    call_kms()
    assert len(aws.connections) == 1
    snapshot()
    restore()
    call_kms()
    assert len(aws.connections) == 2


def test_credentials_of_the_snapshot_are_replaced_once_they_have_expired(
    aws: FakeAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By botocore, as long as nothing of ours reads the keys from variables: they would be those of the start."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{aws.url}/credentials")
    aws.credentials = [timedelta(hours=-1), timedelta(hours=6)]
    snapshot()
    assert aws.credentials == [timedelta(hours=6)], "the snapshot has credentials"
    restore()
    call_kms()
    assert aws.signers == ["new"]
