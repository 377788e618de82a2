"""The configuration file for `sam deploy`."""

import stat
from pathlib import Path

import pytest

from local.cli import deploy

SAMCONFIG = '[local.deploy.parameters]\nstack_name = "staff0-local"\n'


def test_samconfig_with_secrets_is_readable_by_the_user_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written = tmp_path / "samconfig.local.toml"
    (tmp_path / "samconfig.toml").write_text(SAMCONFIG)
    monkeypatch.setattr(deploy, "PROJECT", tmp_path)
    monkeypatch.setattr(deploy, "_CONFIG", written)
    deploy.write_samconfig({"CibaClientSecret": "hidden"})
    assert "ParameterKey=CibaClientSecret" in written.read_text()
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
