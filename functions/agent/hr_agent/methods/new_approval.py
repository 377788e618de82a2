"""What a complete question needs beside its task: the approval to be asked for, and the moment it must have ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from staff0.clock import Clock
from staff0.tasks import DEADLINE_MARGIN, Approval

from hr_agent.http.caller import Caller
from hr_agent.questions.decision import Decision


@dataclass(frozen=True)
class ApprovalFactory:
    """`expiry_seconds` is how long an employee may take."""

    clock: Clock
    expiry_seconds: int

    def approval(self, task_id: str, caller: Caller, step: Decision) -> Approval | None:
        if step.question is None:
            return None
        return Approval(
            task_id=task_id,
            owner=caller.owner,
            caller=caller.short_name,
            client_id=caller.client_id,
            agent_url=caller.agent_url,
            question=step.question,
        )

    def deadline(self, step: Decision) -> datetime | None:
        """None for a task that waits for its caller: it may do so for as long as it is kept."""
        if step.question is None:
            return None
        return self.clock() + timedelta(seconds=self.expiry_seconds) + DEADLINE_MARGIN
