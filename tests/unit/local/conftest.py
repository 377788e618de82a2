from pathlib import Path

import pytest

from local.cli.settings import LocalSettings


@pytest.fixture
def without_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The settings come from .env in tmp_path, which does not exist yet."""
    for name in LocalSettings.model_fields:
        for variable in (name.upper(), name):
            monkeypatch.delenv(variable, raising=False)
    monkeypatch.setitem(LocalSettings.model_config, "env_file", tmp_path / ".env")
