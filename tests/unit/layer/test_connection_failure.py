"""What an operator reads about a request that got no response: a certificate failure is called one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from staff0.auth import JwksKeys
from staff0.connection_failure import describe_failure
from staff0.errors import KeysUnavailable

from tests.support.certificates import CertificateAuthority
from tests.support.jwks_server import JwksServer, serve_jwks
from tests.support.waiting import free_port

NOT_TRUSTED = "the certificate is not trusted (unable to get local issuer certificate)"


def fetch_by_httpx(url: str) -> None:
    try:
        httpx.Client().get(url)
    except httpx.HTTPError as error:
        raise KeysUnavailable(describe_failure(error)) from None


def fetch_by_pyjwt(url: str) -> None:
    JwksKeys(lambda: url).find("kid")


FETCH = pytest.mark.parametrize("fetch", [fetch_by_httpx, fetch_by_pyjwt])


@pytest.fixture
def authority() -> CertificateAuthority:
    return CertificateAuthority()


@pytest.fixture
def server(authority: CertificateAuthority, tmp_path: Path) -> Iterator[JwksServer]:
    with serve_jwks(authority.server_context("localhost", tmp_path)) as running:
        yield running


@FETCH
def test_certificate_of_an_unknown_authority_is_named(server: JwksServer, fetch: Callable[[str], None]) -> None:
    with pytest.raises(KeysUnavailable) as error_info:
        fetch(server.url)
    assert NOT_TRUSTED in str(error_info.value)
    assert server.url not in str(error_info.value)


@FETCH
def test_ssl_cert_file_makes_the_authority_trusted(
    server: JwksServer,
    fetch: Callable[[str], None],
    authority: CertificateAuthority,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.write(tmp_path)))
    fetch(server.url)
    assert server.requests == 1


def test_other_failures_are_named_by_their_class() -> None:
    with pytest.raises(httpx.ConnectError) as error_info:
        httpx.Client().get(f"http://127.0.0.1:{free_port()}/")
    assert describe_failure(error_info.value) == "ConnectError"
