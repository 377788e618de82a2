"""What `make status` prints."""

import pytest

from local.cli import processes
from local.cli.settings import LocalSettings
from local.cli.up import status


@pytest.mark.parametrize(("domain", "phone"), [("", "http://127.0.0.1:10053"), ("t.eu.auth0.com", "Auth0 Guardian")])
def test_status_names_the_phone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], domain: str, phone: str
) -> None:
    monkeypatch.setattr(processes, "is_running", lambda _name: False)
    status(LocalSettings.model_construct(hr_auth0_domain=domain))
    lines = dict(line.strip().split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert lines["phone"] == phone
    assert lines["agent"] == "http://127.0.0.1:10050"
