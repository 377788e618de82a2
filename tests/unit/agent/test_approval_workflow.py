"""A task's execution has the task's name, and a failed stop does not fail a cancel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from hr_agent.methods.approval_workflow import StepFunctionsWorkflow

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:approval"
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:approval:task-1"
START = {"stateMachineArn": MACHINE, "name": "task-1", "input": '{"task_id": "task-1"}'}


@pytest.fixture
def client(session: boto3.Session) -> SFNClient:
    return session.client("stepfunctions")


@pytest.fixture
def states(client: SFNClient) -> Iterator[Stubber]:
    with Stubber(client) as stub:
        yield stub
        stub.assert_no_pending_responses()


@pytest.fixture
def workflow(client: SFNClient) -> StepFunctionsWorkflow:
    return StepFunctionsWorkflow(lambda: client, MACHINE)


def test_execution_has_only_task_id(states: Stubber, workflow: StepFunctionsWorkflow) -> None:
    states.add_response("start_execution", {"executionArn": EXECUTION, "startDate": 0}, START)
    workflow.start("task-1")


def test_start_of_running_workflow_is_ignored(states: Stubber, workflow: StepFunctionsWorkflow) -> None:
    states.add_client_error("start_execution", "ExecutionAlreadyExists")
    workflow.start("task-1")


def test_start_raises_during_outage(states: Stubber, workflow: StepFunctionsWorkflow) -> None:
    states.add_client_error("start_execution", "ThrottlingException")
    with pytest.raises(ClientError, match="Throttling"):
        workflow.start("task-1")


def test_stop_ends_execution(states: Stubber, workflow: StepFunctionsWorkflow) -> None:
    states.add_response("stop_execution", {"stopDate": 0}, {"executionArn": EXECUTION, "error": "canceled"})
    workflow.stop("task-1")


@pytest.mark.parametrize("code", ["ExecutionDoesNotExist", "ThrottlingException", "AccessDeniedException"])
def test_stop_never_raises(states: Stubber, workflow: StepFunctionsWorkflow, code: str) -> None:
    states.add_client_error("stop_execution", code)
    workflow.stop("task-1")
