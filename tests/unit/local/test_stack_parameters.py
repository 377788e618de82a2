"""The template's parameters on this machine."""

from pathlib import Path

import pytest

from local.cli import client_secrets
from local.cli.settings import LocalSettings
from local.cli.stack_parameters import stack_parameters


@pytest.fixture(autouse=True)
def secrets_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(client_secrets, "CLIENT_SECRETS", tmp_path / "secrets.json")


def test_private_key_jwt_needs_no_client_secret() -> None:
    secrets = {"CibaClientSecret", "DirectoryClientSecret"}
    assert secrets <= stack_parameters(LocalSettings()).keys()
    with_keys = stack_parameters(LocalSettings(client_authentication="private_key_jwt"))
    assert not secrets & with_keys.keys()
    assert with_keys["ClientAuthentication"] == "private_key_jwt"
