"""Runs the four steps of the approval workflow in the test process, and reads what they leave in the table."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import count

from a2a.types import Task
from approval.step_io import StepResult
from google.protobuf.json_format import MessageToDict
from staff0.question import Question
from staff0.tasks import Approval, MessageKey, StoredTask, TaskState, with_status

from tests.support.approval_steps import ApprovalSteps

JOHN = "auth0|john"
ABOUT_JOHN = Question(name="John Doe", email="JDoe@staff0.com")
ABOUT_UNKNOWN = Question(name="Max Moe", email="unknown@staff0.com")


@dataclass
class ApprovalHarness(ApprovalSteps):
    """The four steps of the state machine, and the task as its caller sees it."""

    _ids: count[int] = field(default_factory=lambda: count(1))

    def submit(
        self,
        question: Question = ABOUT_JOHN,
        owner: str = "acme-client",
        task_id: str | None = None,
        traceparent: str = "",
    ) -> str:
        task_id = task_id or f"task-{next(self._ids)}"
        task = with_status(Task(id=task_id, context_id="c"), TaskState.SUBMITTED, "received", self.clock())
        approval = Approval(
            task_id=task_id,
            owner=owner,
            caller="acme",
            client_id="acme-client",
            agent_url="https://agent.example",
            question=question,
        )
        self.store.create(owner, task, MessageKey(task_id, "digest"), approval=approval, traceparent=traceparent)
        return task_id

    def request(self, task_id: str) -> StepResult:
        return self.request_approval.run(task_id)

    def poll(self, task_id: str) -> StepResult:
        return self.poll_approval.run(task_id)

    def read(self, task_id: str) -> StepResult:
        return self.read_employment.run(task_id)

    def fail(self, task_id: str, error_name: str) -> StepResult:
        return self.fail_task.run(task_id, error_name)

    def submit_and_request(self, question: Question = ABOUT_JOHN, owner: str = "acme-client") -> str:
        """Submits a task and sends its push; advances the clock to the first poll."""
        task_id = self.submit(question, owner)
        self.clock.advance(self.request(task_id)["wait_seconds"])
        return task_id

    def submit_and_approve(self, question: Question = ABOUT_JOHN, owner: str = "acme-client") -> str:
        task_id = self.submit_and_request(question, owner)
        self.idp.approve(JOHN)
        assert self.poll(task_id)["outcome"] == "approved"
        return task_id

    def poll_until_ended(self, task_id: str) -> tuple[str, list[int]]:
        """Polls until the outcome is not pending, with the waits of the state machine; the outcome and the waits."""
        waits: list[int] = []
        while (result := self.poll(task_id))["outcome"] == "pending":
            waits.append(result["wait_seconds"])
            self.clock.advance(result["wait_seconds"])
        return result["outcome"], waits

    def cancel(self, task_id: str) -> None:
        """Cancels the task as the agent's CancelTask does."""
        stored, approval = self.store.find(task_id)
        canceled = with_status(stored.task, TaskState.CANCELED, "canceled", self.clock())
        self.store.commit(stored, canceled, approval=approval.without_secrets())

    def task(self, task_id: str) -> StoredTask:
        return self.store.find(task_id)[0]

    def approval(self, task_id: str) -> Approval:
        return self.store.find(task_id)[1]

    def state(self, task_id: str) -> TaskState:
        return self.task(task_id).state

    def text(self, task_id: str) -> str:
        return self.task(task_id).task.status.message.parts[0].text

    def metadata(self, task_id: str) -> dict[str, str]:
        metadata: dict[str, str] = MessageToDict(self.task(task_id).task.status.message.metadata)
        return metadata

    def result(self, task_id: str) -> tuple[str, dict[str, object]]:
        """The sentence and the data of the result artifact."""
        [artifact] = self.task(task_id).task.artifacts
        return artifact.parts[0].text, MessageToDict(artifact.parts[1].data)

    def stored_text(self) -> str:
        """All items of the table as JSON; encrypted fields are not readable."""
        return json.dumps(
            self.aws.dynamodb.scan(TableName=self.aws.table)["Items"], default=lambda blob: repr(bytes(blob))
        )

    def holds_secrets(self, task_id: str) -> bool:
        approval = self.approval(task_id)
        return approval != approval.without_secrets()
