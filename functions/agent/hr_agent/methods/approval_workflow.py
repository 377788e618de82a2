"""Starts and stops the approval loop: a Step Functions execution named after its task."""

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
        """Starts the loop of a task; starting it again changes nothing."""

    def stop(self, task_id: str) -> None:
        """Stops it if it runs. Never fails: a loop that goes on finds a dead task."""


class StepFunctionsWorkflow:
    """An outage at the start comes out as botocore's own error.

    `connect` gives the client, with the first task that starts or ends here: most calls only look.
    """

    def __init__(self, connect: Callable[[], SFNClient], state_machine_arn: str) -> None:
        self._connect = connect
        self._machine = state_machine_arn

    @cached_property
    def _client(self) -> SFNClient:
        return self._connect()

    def start(self, task_id: str) -> None:
        try:
            self._client.start_execution(
                stateMachineArn=self._machine, name=task_id, input=json.dumps({"task_id": task_id})
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            logger.info("the loop runs already", extra={"task_id": task_id})

    def stop(self, task_id: str) -> None:
        execution = f"{self._machine.replace(':stateMachine:', ':execution:')}:{task_id}"
        try:
            self._client.stop_execution(executionArn=execution, error="canceled")
        except (BotoCoreError, ClientError) as error:
            logger.warning("the loop was not stopped", extra={"task_id": task_id, "error": type(error).__name__})
