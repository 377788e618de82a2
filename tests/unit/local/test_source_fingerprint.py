"""Changes after which `make up` deploys again."""

from pathlib import Path

import pytest

from local.cli import source_fingerprint as module
from local.cli.paths import PROJECT
from local.cli.services import SOURCES
from local.cli.source_fingerprint import source_fingerprint


@pytest.fixture(autouse=True)
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions" / "app.py").write_text("one")
    monkeypatch.setattr(module, "PROJECT", tmp_path)
    return tmp_path


def test_changed_function_or_parameter_changes_the_fingerprint(project: Path) -> None:
    first = source_fingerprint({"Auth0Issuer": "a"})
    assert source_fingerprint({"Auth0Issuer": "b"}) != first
    (project / "functions" / "app.py").write_text("two")
    assert source_fingerprint({"Auth0Issuer": "a"}) != first


def test_other_files_do_not_change_the_fingerprint(project: Path) -> None:
    first = source_fingerprint({})
    (project / "README.md").write_text("new")
    (project / "functions" / "__pycache__").mkdir()
    (project / "functions" / "__pycache__" / "app.pyc").write_text("new")
    assert source_fingerprint({}) == first


def test_renamed_file_changes_the_fingerprint(project: Path) -> None:
    first = source_fingerprint({})
    (project / "functions" / "app.py").rename(project / "functions" / "other.py")
    assert source_fingerprint({}) != first


def test_fingerprint_of_a_service_is_that_of_its_files(project: Path) -> None:
    (project / "tenant.yaml").write_text("one")
    first = source_fingerprint({}, ("tenant.yaml",))
    (project / "functions" / "app.py").write_text("two")
    assert source_fingerprint({}, ("tenant.yaml",)) == first
    (project / "tenant.yaml").write_text("two")
    assert source_fingerprint({}, ("tenant.yaml",)) != first


def test_sources_of_the_services_exist() -> None:
    assert [source for sources in SOURCES.values() for source in sources if not (PROJECT / source).exists()] == []
