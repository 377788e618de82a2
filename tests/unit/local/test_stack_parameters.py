"""The template's parameters on this machine."""

from pathlib import Path

import pytest

from local.cli import client_secrets
from local.cli.settings import LocalSettings
from local.cli.stack_parameters import PRODUCTION_LIMITS, stack_parameters
from tests.support.stack_template import read_stack


@pytest.fixture(autouse=True)
def files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(LocalSettings.model_config, "env_file", tmp_path / ".env")
    monkeypatch.setattr(client_secrets, "CLIENT_SECRETS", tmp_path / "secrets.json")


def test_private_key_jwt_needs_no_client_secret() -> None:
    secrets = {"CibaClientSecret", "DirectoryClientSecret"}
    assert secrets <= stack_parameters(LocalSettings()).keys()
    with_keys = stack_parameters(LocalSettings(client_authentication="private_key_jwt"))
    assert not secrets & with_keys.keys()
    assert with_keys["ClientAuthentication"] == "private_key_jwt"


def test_tenant_gets_the_limits_of_production() -> None:
    """Phones of people ring at a tenant: the wide limits of the stand-in would let a test ring one a hundred times."""
    defaults = {name: str(p.get("Default")) for name, p in read_stack().template["Parameters"].items()}
    assert PRODUCTION_LIMITS.items() <= defaults.items()
    assert PRODUCTION_LIMITS.items() <= stack_parameters(LocalSettings(hr_auth0_domain="staff0.eu.auth0.com")).items()
    assert stack_parameters(LocalSettings())["CoolDownSeconds"] == "1"


def test_own_expiry_and_shares_win() -> None:
    """A tenant of a smaller plan has lower rates."""
    own = LocalSettings(
        hr_auth0_domain="staff0.eu.auth0.com",
        requested_expiry_seconds=90,
        tenant_polls_per_second=12,
        tenant_pushes_per_second=2,
    )
    expected = {"RequestedExpirySeconds": "90", "TenantPollsPerSecond": "12", "TenantPushesPerSecond": "2"}
    assert expected.items() <= stack_parameters(own).items()


def test_release_changes_with_each_other_value() -> None:
    """Otherwise the aliases would keep versions with the old values, and a change of .env would do nothing."""
    release = stack_parameters(LocalSettings())["Release"]
    assert stack_parameters(LocalSettings())["Release"] == release
    assert stack_parameters(LocalSettings(tenant_polls_per_second=12))["Release"] != release
