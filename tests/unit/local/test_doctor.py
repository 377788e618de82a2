"""The doctor of this machine: .env first, then the rest, with the stand-in or a tenant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local import __main__ as program
from local.cli import client_secrets, commands, doctor
from local.cli.commands import main
from local.cli.settings import read_settings
from tests.support.waiting import free_port

TENANT = """HR_AUTH0_DOMAIN=login.staff0.com
HR_AUTH0_TENANT_DOMAIN=staff0.eu.auth0.com
HR_AGENT_AUTH0_CLIENT_ID=hr-agent
HR_AGENT_AUTH0_CLIENT_SECRET=hr-agent-secret
DIRECTORY_AUTH0_CLIENT_ID=directory
DIRECTORY_AUTH0_CLIENT_SECRET=directory-secret
A2A_CLIENT_AUTH0_CLIENT_ID=acme
A2A_CLIENT_AUTH0_CLIENT_SECRET=acme-secret
EMPLOYEE_PAGE_AUTH0_CLIENT_ID=page
"""


@pytest.fixture(autouse=True)
def env_file(without_settings_of_this_machine: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(doctor, "STACK", tmp_path / "stack.json")
    monkeypatch.setattr(client_secrets, "CLIENT_SECRETS", tmp_path / "secrets.json")
    return tmp_path / ".env"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HR_AUTH0_DOMIAN=x\n", "HR_AUTH0_DOMIAN in .env is unknown. Did you mean HR_AUTH0_DOMAIN?"),
        ("HR_AUTH0_DOMAIN=staff0.eu.auth0.com\n", "HR_AUTH0_DOMAIN requires these settings"),
        ("CLIENT_AUTHENTICATION=private_key_jwt\n", "Start it with `make up`"),
    ],
)
def test_wrong_settings_are_the_first_failure(
    env_file: Path, capsys: pytest.CaptureFixture[str], text: str, expected: str
) -> None:
    env_file.write_text(text)
    assert main(["doctor"]) == 1
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("FAIL   1 settings      ")
    assert expected in line
    assert "-> correct .env (docs/operations.md, Your own tenant)" in line


def test_stand_in_that_does_not_run(env_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    env_file.write_text(f"TENANT_PORT={free_port()}\n")
    assert main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "ok     1 settings      those of the stand-in"
    assert "-> `make up` starts the stand-in" in lines[1]
    assert any("Sam Poe (spoe@staff0.com) is not enrolled on purpose" in line for line in lines)
    assert any("John Doe (jdoe@staff0.com)" not in line and "needs check 5" in line for line in lines)
    assert "no stack was found" in lines[-4]


def test_subject_of_a_tenant_with_a_custom_domain(env_file: Path) -> None:
    env_file.write_text(TENANT)
    subject = doctor.subject_of(read_settings())
    assert subject.issuer == "https://login.staff0.com/"
    assert (subject.tenant_url, subject.has_custom_domain) == ("https://staff0.eu.auth0.com/", True)
    assert subject.directory.form_fields() == {"client_id": "directory", "client_secret": "directory-secret"}
    assert not any(employee.left_out for employee in subject.employees)
    assert subject.gemini is None
    assert subject.page is not None
    assert (subject.page.form_fields(), subject.page_url) == ({"client_id": "page"}, "http://127.0.0.1:10055")


def test_options_of_the_doctor_are_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["up", "--push", "jdoe@staff0.com"])
    assert "--employee and --push are options of doctor" in capsys.readouterr().err


def test_reader_of_the_pipe_that_goes_away_shows_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def cut_off(_arguments: object) -> int:
        raise BrokenPipeError

    monkeypatch.setattr(commands, "main", cut_off)
    monkeypatch.setattr(os, "dup2", lambda _new, _old: None)
    assert program.run() == 141
    assert capfd.readouterr().err == ""
