"""Credentials of the stand-in's applications."""

import json
import stat
from pathlib import Path

import pytest

from local.cli import client_secrets


@pytest.fixture
def secrets_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    file = tmp_path / "secrets.json"
    monkeypatch.setattr(client_secrets, "CLIENT_SECRETS", file)
    return file


def test_applications_keep_their_secrets(secrets_file: Path) -> None:
    assert client_secrets.stand_in_clients() == client_secrets.stand_in_clients()


def test_file_of_an_older_version_gets_what_it_lacks(secrets_file: Path) -> None:
    """Without new secrets for the others, which the deployed stack has."""
    created = client_secrets.stand_in_clients()
    older = {name: credentials for name, credentials in created.items() if name != client_secrets.EMPLOYEE_PAGE}
    secrets_file.write_text(json.dumps(older))
    completed = client_secrets.stand_in_clients()
    assert completed.items() > older.items()
    assert set(completed[client_secrets.EMPLOYEE_PAGE]) == {"client_id"}
    assert client_secrets.stand_in_clients() == completed


def test_secrets_are_readable_by_the_user_only(secrets_file: Path) -> None:
    client_secrets.stand_in_clients()
    assert stat.S_IMODE(secrets_file.stat().st_mode) == 0o600
