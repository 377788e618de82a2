"""CancelTask (A2A 3.1.5), from any instance at any moment."""

from a2a.types import CancelTaskRequest, Task
from a2a.utils.errors import TaskNotCancelableError
from staff0.tasks import StoredTask, retry_on_conflict

from hr_agent.http.caller import Caller
from hr_agent.methods.approval_workflow import ApprovalWorkflow
from hr_agent.methods.caller_tasks import CallerTasks


async def cancel_task(tasks: CallerTasks, loop: ApprovalWorkflow, params: CancelTaskRequest, caller: Caller) -> Task:
    """Writes CANCELED first and stops the loop then: a late approval finds a dead task.

    Raises TaskNotFound, TaskNotCancelableError for a terminal task, TaskConflict.
    """
    canceled = retry_on_conflict(lambda: _close(tasks, caller.owner, params.id))
    loop.stop(params.id)
    return canceled.task


def _close(tasks: CallerTasks, owner: str, task_id: str) -> StoredTask:
    stored = tasks.get(owner, task_id)
    if stored.state.is_terminal:
        raise TaskNotCancelableError
    return tasks.cancel(stored, stored.task)
