"""What the functions inherit from the emulator's environment."""

from pathlib import Path

import httpx
import pytest

from local.cli import services
from local.cli.deploy import sam_environment
from local.cli.settings import LocalSettings

pytestmark = pytest.mark.usefixtures("without_settings_of_this_machine")


def test_certificates_and_proxy_reach_the_functions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "company.pem").touch()
    env_file = f"SSL_CERT_FILE={tmp_path}/company.pem\nHTTPS_PROXY=http://proxy.example:3128\nNO_PROXY=.staff0.com\n"
    (tmp_path / ".env").write_text(env_file)
    environment = services.emulator(LocalSettings()).environment
    assert environment["SSL_CERT_FILE"] == f"{tmp_path}/company.pem"
    for name in ("HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.setenv(name, environment[name])
    assert proxy_of("https://staff0.eu.auth0.com/") == "http://proxy.example:3128"
    assert proxy_of("https://login.staff0.com/") is None
    assert proxy_of("http://127.0.0.1:10054/") is None


def test_build_has_the_certificates_and_the_proxy(tmp_path: Path) -> None:
    (tmp_path / "company.pem").touch()
    (tmp_path / ".env").write_text(f"SSL_CERT_FILE={tmp_path}/company.pem\nHTTPS_PROXY=http://proxy.example:3128\n")
    environment = sam_environment(LocalSettings())
    assert environment["SSL_CERT_FILE"] == f"{tmp_path}/company.pem"
    assert environment["HTTPS_PROXY"] == "http://proxy.example:3128"


def proxy_of(url: str) -> str | None:
    transport = httpx.Client()._transport_for_url(httpx.URL(url))
    proxy = getattr(getattr(transport, "_pool", None), "_proxy_url", None)
    return f"{proxy.scheme.decode()}://{proxy.host.decode()}:{proxy.port}" if proxy else None


def test_without_such_settings_nothing_is_set() -> None:
    names = {"SSL_CERT_FILE", "HTTPS_PROXY", "NO_PROXY"}
    assert not names & services.emulator(LocalSettings()).environment.keys()
