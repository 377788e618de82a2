"""The approval workflow as the agent sees it: in memory, without Step Functions."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class FakeApprovalWorkflow:
    """Records the ids of started and stopped tasks. `start` raises `start_error` if a test sets it."""

    started: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    start_error: Exception | None = None

    def start(self, task_id: str) -> None:
        if self.start_error:
            raise self.start_error
        self.started.append(task_id)

    def stop(self, task_id: str) -> None:
        self.stopped.append(task_id)
