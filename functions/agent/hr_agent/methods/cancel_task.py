"""CancelTask (A2A 3.1.5)."""

from a2a.types import CancelTaskRequest, Task
from a2a.utils.errors import TaskNotCancelableError
from staff0.tasks import StoredTask, TaskState, retry_on_conflict_async

from hr_agent.http.caller import Caller
from hr_agent.methods.approval_workflow import ApprovalWorkflow
from hr_agent.methods.caller_tasks import CallerTasks


async def cancel_task(
    tasks: CallerTasks, workflow: ApprovalWorkflow, params: CancelTaskRequest, caller: Caller
) -> Task:
    """Writes CANCELED before it stops the workflow, so that a late approval finds a terminal task.

    Returns a task that is canceled already (A2A 3.3.1: the method is idempotent), and stops the workflow again: the
    call that canceled it may have died before.
    Raises TaskNotFound, TaskNotCancelableError for a task that has ended in another state, TaskConflict.
    """
    canceled = await retry_on_conflict_async(lambda: _cancel(tasks, caller.owner, params.id))
    workflow.stop(params.id)
    return canceled.task


async def _cancel(tasks: CallerTasks, owner: str, task_id: str) -> StoredTask:
    stored = tasks.get(owner, task_id)
    if stored.state is TaskState.CANCELED:
        return stored
    if stored.state.is_terminal:
        raise TaskNotCancelableError
    return tasks.cancel(stored, stored.task)
