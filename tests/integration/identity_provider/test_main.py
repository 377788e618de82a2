"""Start, settings and end of the process."""

import signal
import socket
from pathlib import Path

import pytest

from tests.integration.identity_provider.stand_in import IdentityProvider, StartIdp, environment, launch
from tests.support.waiting import PATIENCE_SECONDS


@pytest.mark.parametrize("variable", ["TENANT_PORT", "PHONE_PORT"])
def test_port_in_use_is_reported_with_its_variable(tmp_path: Path, variable: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = launch(environment(tmp_path, **{variable: str(port)}))
        output = process.communicate(timeout=PATIENCE_SECONDS)[0]
    assert process.returncode == 2
    assert output == f"identity provider: port {port} is taken: set {variable} to a free one\n"


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
def test_wrong_setting_is_reported_in_one_line(tmp_path: Path, variable: str, value: str) -> None:
    process = launch(environment(tmp_path, **{variable: value}))
    output = process.communicate(timeout=PATIENCE_SECONDS)[0]
    assert process.returncode == 2
    assert variable in output
    assert output.count("\n") == 1


def test_sigterm_ends_the_process_while_a_page_is_open(start_idp: StartIdp) -> None:
    idp = start_idp()
    idp.machine_token("A2A Client acme")
    with idp.phone.stream("GET", "/api/events"):
        idp.process.send_signal(signal.SIGTERM)
        assert idp.process.wait(timeout=PATIENCE_SECONDS) == 0
    assert idp.process.stdout is not None
    assert idp.process.stdout.read().startswith(f"identity provider ready: {idp.issuer}")


def test_malformed_request_does_not_end_the_process(idp: IdentityProvider) -> None:
    for base in (idp.http.base_url, idp.phone.base_url):
        for line in (b"GET // HTTP/1.1", b"GET http://[/ HTTP/1.1", b"GET /%zz HTTP/1.1", b"POST /api/faults HTTP/1.1"):
            with socket.create_connection((base.host, base.port or 80), timeout=PATIENCE_SECONDS) as raw:
                raw.sendall(line + b"\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n")
    assert idp.phone.get("/api/health").status_code == 200
    assert idp.http.get("/.well-known/jwks.json").status_code == 200


def test_signing_key_is_kept_after_a_restart(start_idp: StartIdp, tmp_path: Path) -> None:
    first = start_idp().http.get("/.well-known/jwks.json").json()
    second = start_idp().http.get("/.well-known/jwks.json").json()
    assert first == second
    assert set(first["keys"][0]) == {"kty", "use", "kid", "alg", "e", "n"}
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0


def test_issuer_setting_is_used_everywhere(start_idp: StartIdp) -> None:
    idp = start_idp(TENANT_ISSUER="http://localhost:10052/")
    assert idp.http.get("/.well-known/openid-configuration").json()["issuer"] == "http://localhost:10052/"
    assert idp.authorize().status_code == 200
    assert idp.http.get("/api/v2/users-by-email?email=x", headers=idp.directory_headers()).json() == []
