"""Starting and stopping: clear words, clean ends."""

import signal
import socket
from pathlib import Path

import pytest

from tests.integration.identity_provider.conftest import Start, Tenant, environment, launch


@pytest.mark.parametrize("variable", ["TENANT_PORT", "PHONE_PORT"])
def test_a_taken_port_is_named_with_the_variable_that_moves_it(tmp_path: Path, variable: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = launch(environment(tmp_path, **{variable: str(port)}))
        output = process.communicate(timeout=15)[0]
    assert process.returncode == 2
    assert output == f"tenant: port {port} is taken: set {variable} to a free one\n"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TENANT_ISSUER", "http://127.0.0.1:1"),
        ("TENANT_SECRETS", ""),
        ("TENANT_FILE", "/nowhere.yaml"),
        ("TENANT_EXPIRY_AS", "maybe"),
        ("TENANT_PORT", "abc"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path, variable: str, value: str) -> None:
    process = launch(environment(tmp_path, **{variable: value}))
    output = process.communicate(timeout=15)[0]
    assert process.returncode == 2
    assert variable in output
    assert output.count("\n") == 1


def test_it_ends_at_once_even_with_a_page_open_and_says_one_line_only(start: Start) -> None:
    tenant = start()
    tenant.machine_token("A2A Client acme")
    with tenant.phone.stream("GET", "/api/events"):
        tenant.process.send_signal(signal.SIGTERM)
        assert tenant.process.wait(timeout=2) == 0
    assert tenant.process.stdout is not None
    assert tenant.process.stdout.read().startswith(f"tenant ready: {tenant.issuer}")


def test_a_broken_request_costs_no_more_than_itself(tenant: Tenant) -> None:
    for base in (tenant.http.base_url, tenant.phone.base_url):
        for line in (b"GET // HTTP/1.1", b"GET http://[/ HTTP/1.1", b"GET /%zz HTTP/1.1", b"POST /api/faults HTTP/1.1"):
            with socket.create_connection((base.host, base.port or 80), timeout=5) as raw:
                raw.sendall(line + b"\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n")
    assert tenant.phone.get("/api/health").status_code == 200
    assert tenant.http.get("/.well-known/jwks.json").status_code == 200


def test_the_signing_key_outlives_a_restart(start: Start, tmp_path: Path) -> None:
    first = start().http.get("/.well-known/jwks.json").json()
    second = start().http.get("/.well-known/jwks.json").json()
    assert first == second
    assert set(first["keys"][0]) == {"kty", "use", "kid", "alg", "e", "n"}
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0


def test_another_issuer_is_used_everywhere(start: Start) -> None:
    tenant = start(TENANT_ISSUER="http://localhost:10052/")
    assert tenant.http.get("/.well-known/openid-configuration").json()["issuer"] == "http://localhost:10052/"
    assert tenant.ask().status_code == 200
    assert tenant.http.get("/api/v2/users-by-email?email=x", headers=tenant.directory()).json() == []
