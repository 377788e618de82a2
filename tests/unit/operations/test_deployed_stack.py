"""The stack of an operator's command, and the sentences when it cannot be found or read."""

import json
from pathlib import Path

import pytest

from operations import deployed_stack
from operations.command_line import main

LOCAL = {
    "region": "us-east-1",
    "aws_endpoint_url": "http://127.0.0.1:1",
    "employees": [{"name": "John Doe", "email": "jdoe@staff0.com", "sub": "auth0|john", "status": "active"}],
}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "stack.json"
    monkeypatch.setattr(deployed_stack, "LOCAL_STACK", path)
    return path


def test_local_stack_knows_the_sample_employees(file: Path) -> None:
    file.write_text(json.dumps(LOCAL))
    assert deployed_stack.find(None, None).user_ids == {"jdoe@staff0.com": "auth0|john"}


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "{}", '{"region": 1}', b"\xff", None])
def test_unreadable_file_is_a_sentence(
    file: Path, content: str | bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    assert main(["callers", "list"]) == 1
    assert capsys.readouterr().err == f"operations: {file} cannot be read. Run `make up` to write it again.\n"


def test_no_stack_is_a_sentence(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["callers", "list"]) == 1
    assert "start the local stack with `make up`" in capsys.readouterr().err


def test_stack_that_does_not_run_is_a_sentence(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(json.dumps(LOCAL))
    assert main(["audit"]) == 1
    assert "`make up` starts the stack of this machine" in capsys.readouterr().err


def test_region_without_a_stack_is_an_error(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It would be ignored, and the command would change the stack on this machine."""
    file.write_text(json.dumps(LOCAL))
    assert main(["--region", "eu-west-1", "audit"]) == 1
    assert "--region needs --stack-name" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"AWS_DEFAULT_REGION": None}, "Use --region."),
        ({"AWS_DEFAULT_REGION": ""}, "Invalid endpoint"),
        ({"AWS_PROFILE": "missing"}, "set AWS_PROFILE"),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "Log in"),
        ({"AWS_DEFAULT_REGION": "a b"}, "region"),
        ({"AWS_ENDPOINT_URL": "x"}, "Invalid endpoint"),
        ({"AWS_MAX_ATTEMPTS": "x"}, ""),
    ],
)
def test_credentials_and_settings_of_the_operator(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variables: dict[str, str | None],
    expected: str,
) -> None:
    for name in (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "AWS_DEFAULT_REGION",
    ):
        monkeypatch.delenv(name, raising=False)
    given = {"AWS_CONFIG_FILE": str(tmp_path / "no"), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "no")}
    defaults = {"AWS_EC2_METADATA_DISABLED": "true", "AWS_DEFAULT_REGION": "eu-west-1"}
    for name, value in (given | defaults | variables).items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert main(["--stack-name", "s", "audit"]) == 1
    message = capsys.readouterr().err
    assert message.startswith("operations: ")
    assert message.count("\n") == 1
    assert expected in message
