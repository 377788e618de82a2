"""An operator's terminal on a stack of moto."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import boto3
import pytest

from operations import deployed_stack as stacks
from operations.__main__ import main

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Operate = Callable[..., tuple[int, str, str]]


@pytest.fixture
def stack(dynamodb: DynamoDBClient, callers_table: str, session: boto3.Session) -> stacks.Stack:
    made = stacks.Stack("staff0", session)
    made.__dict__["outputs"] = {"CallersTableName": callers_table}
    return made


@pytest.fixture
def operate(stack: stacks.Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Operate:
    """Runs a command: its exit code, and what it wrote to stdout and stderr."""
    monkeypatch.setattr(stacks, "find", lambda _name, _region: stack)

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()  # what the loop logged before
        code = main(arguments)
        written = capsys.readouterr()
        return code, written.out, written.err

    return run
