"""Starts and stops the approval workflow: a Step Functions execution with the name of its task."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError
from staff0.observability import logger

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class ApprovalWorkflow(Protocol):
    def start(self, task_id: str) -> None:
        """Starts the workflow of a task; starting it again changes nothing."""

    def stop(self, task_id: str) -> None:
        """Stops the workflow if it runs. Never fails: a workflow that goes on finds a terminal task."""


class StepFunctionsWorkflow:
    """`start` raises botocore's BotoCoreError or ClientError if Step Functions is not available.

    `connect` creates the client when a task first starts or ends here: most calls only read.
    """

    def __init__(self, connect: Callable[[], SFNClient], state_machine_arn: str) -> None:
        self._connect = connect
        self._state_machine_arn = state_machine_arn

    @cached_property
    def _client(self) -> SFNClient:
        return self._connect()

    def start(self, task_id: str) -> None:
        try:
            self._client.start_execution(
                stateMachineArn=self._state_machine_arn, name=task_id, input=json.dumps({"task_id": task_id})
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            logger.info("the approval workflow is already running")

    def stop(self, task_id: str) -> None:
        execution = f"{self._state_machine_arn.replace(':stateMachine:', ':execution:')}:{task_id}"
        try:
            self._client.stop_execution(executionArn=execution, error="canceled")
        except (BotoCoreError, ClientError) as error:
            logger.warning("the approval workflow was not stopped", extra={"error": type(error).__name__})
