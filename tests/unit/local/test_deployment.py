"""What makes `make up` deploy again, and where the secrets go."""

import stat
from pathlib import Path

import pytest

from local.cli import client_secrets, deployment
from local.cli.settings import LocalSettings

SAMCONFIG = '[local.deploy.parameters]\nstack_name = "staff0-local"\n'


@pytest.fixture(autouse=True)
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions" / "app.py").write_text("one")
    (tmp_path / "samconfig.toml").write_text(SAMCONFIG)
    monkeypatch.setattr(deployment, "PROJECT", tmp_path)
    monkeypatch.setattr(deployment, "_CONFIG", tmp_path / "samconfig.local.toml")
    monkeypatch.setattr(client_secrets, "CLIENT_SECRETS", tmp_path / "secrets.json")
    return tmp_path


def test_a_changed_function_or_parameter_is_deployed_and_nothing_else(project: Path) -> None:
    first = deployment._fingerprint({"Auth0Issuer": "a"})
    (project / "README.md").write_text("new")
    (project / "functions" / "__pycache__").mkdir()
    (project / "functions" / "__pycache__" / "app.pyc").write_text("new")
    assert deployment._fingerprint({"Auth0Issuer": "a"}) == first
    assert deployment._fingerprint({"Auth0Issuer": "b"}) != first
    (project / "functions" / "app.py").write_text("two")
    assert deployment._fingerprint({"Auth0Issuer": "a"}) != first


def test_a_renamed_file_is_a_change(project: Path) -> None:
    first = deployment._fingerprint({})
    (project / "functions" / "app.py").rename(project / "functions" / "other.py")
    assert deployment._fingerprint({}) != first


def test_secrets_are_in_files_of_this_user_only(project: Path) -> None:
    deployment._write_config(deployment.parameters(LocalSettings()))
    for name in ("samconfig.local.toml", "secrets.json"):
        assert stat.S_IMODE((project / name).stat().st_mode) == 0o600


def test_a_stack_whose_applications_have_keys_is_told_no_secret() -> None:
    secrets = {"CibaClientSecret", "DirectoryClientSecret"}
    assert secrets <= deployment.parameters(LocalSettings()).keys()
    by_keys = deployment.parameters(LocalSettings(client_authentication="private_key_jwt"))
    assert not secrets & by_keys.keys()
    assert by_keys["ClientAuthentication"] == "private_key_jwt"


def test_every_application_keeps_its_secret() -> None:
    assert client_secrets.stand_in_clients() == client_secrets.stand_in_clients()
