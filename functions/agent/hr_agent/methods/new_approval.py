"""Creates the approval and the deadline of a task for a complete question."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from staff0.clock import Clock
from staff0.question import Question
from staff0.tasks import DEADLINE_MARGIN, Approval

from hr_agent.http.caller import Caller


@dataclass(frozen=True)
class ApprovalFactory:
    """`expiry_seconds` is the time an employee has to answer. Without a question there is nothing to create."""

    clock: Clock
    expiry_seconds: int

    def approval(self, task_id: str, caller: Caller, question: Question | None) -> Approval | None:
        if question is None:
            return None
        return Approval(
            task_id=task_id,
            owner=caller.owner,
            caller=caller.short_name,
            client_id=caller.client_id,
            agent_url=caller.agent_url,
            question=question,
        )

    def deadline(self, question: Question | None) -> datetime | None:
        """The time by which the workflow must have ended. A task that waits for its caller has none."""
        if question is None:
            return None
        return self.clock() + timedelta(seconds=self.expiry_seconds) + DEADLINE_MARGIN
