"""What .env and the environment may say, and what is told when they say too little."""

from pathlib import Path

import pytest

from local.cli.errors import LocalError
from local.cli.settings import LocalSettings, read_settings

REAL_TENANT = {
    "HR_AUTH0_DOMAIN": "staff0.us.auth0.com",
    "HR_AGENT_AUTH0_CLIENT_ID": "hr-agent",
    "HR_AGENT_AUTH0_CLIENT_SECRET": "not-for-the-screen",
    "A2A_CLIENT_AUTH0_CLIENT_ID": "caller",
}


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in LocalSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(LocalSettings.model_config, "env_file", tmp_path / ".env")


def test_without_any_setting_everything_is_on_loopback_with_the_stand_in_tenant() -> None:
    settings = read_settings()
    assert not settings.has_real_tenant
    assert settings.issuer == "http://127.0.0.1:10052/"
    assert settings.agent_url == "http://127.0.0.1:10050"


def test_a_port_in_the_env_file_moves_every_address_made_of_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TENANT_PORT=20052\nPHONE_PORT=20053\n")
    settings = read_settings()
    assert settings.issuer == "http://127.0.0.1:20052/"
    assert settings.phone_url == "http://127.0.0.1:20053"


def test_a_domain_makes_it_the_tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in REAL_TENANT.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert settings.issuer == "https://staff0.us.auth0.com/"
    assert "not-for-the-screen" not in repr(settings)


def test_a_domain_alone_is_told_what_else_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HR_AUTH0_DOMAIN", "staff0.us.auth0.com")
    with pytest.raises(LocalError, match="HR_AGENT_AUTH0_CLIENT_ID, HR_AGENT_AUTH0_CLIENT_SECRET"):
        read_settings()


def test_an_application_with_a_key_needs_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in REAL_TENANT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("HR_AGENT_AUTH0_CLIENT_SECRET")
    with pytest.raises(LocalError, match="HR_AGENT_AUTH0_CLIENT_SECRET"):
        read_settings()
    monkeypatch.setenv("CLIENT_AUTHENTICATION", "private_key_jwt")
    assert read_settings().has_client_keys


@pytest.mark.parametrize(
    ("name", "value"),
    [("AGENT_PORT", "0"), ("REQUESTED_EXPIRY_SECONDS", "301"), ("CLIENT_AUTHENTICATION", "password")],
)
def test_a_wrong_value_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(LocalError, match=name):
        read_settings()


def test_two_services_on_one_port_are_told_before_anything_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_PORT", "10051")
    with pytest.raises(LocalError, match="AGENT_PORT, HR_API_PORT"):
        read_settings()
