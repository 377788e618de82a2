"""GetTask (A2A 3.1.3)."""

from a2a.types import GetTaskRequest, Task
from a2a.utils.task import apply_history_length, validate_history_length

from hr_agent.http.caller import Caller
from hr_agent.methods.caller_tasks import CallerTasks


async def get_task(tasks: CallerTasks, params: GetTaskRequest, caller: Caller) -> Task:
    """Raises TaskNotFound, InvalidParamsError."""
    validate_history_length(params)
    return apply_history_length(tasks.get(caller.owner, params.id).task, params)
