"""Runs operator commands on a stack of moto."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from operations import deployed_stack
from operations.command_line import main
from tests.support.operator_command import Operate

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def stack(dynamodb: DynamoDBClient, callers_table: str, session: boto3.Session) -> deployed_stack.Stack:
    made = deployed_stack.Stack("staff0", session)
    made.__dict__["outputs"] = {"CallersTableName": callers_table}
    return made


@pytest.fixture
def operate(
    stack: deployed_stack.Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Operate:
    """Runs a command and returns its exit code, stdout and stderr."""
    monkeypatch.setattr(deployed_stack, "find", lambda _name, _region: stack)

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()  # drops the log lines of the fixtures
        code = main(arguments)
        written = capsys.readouterr()
        return code, written.out, written.err

    return run
