"""GetTask (A2A 3.1.3), also one that waits until the task changes."""

from a2a.types import GetTaskRequest, Task
from a2a.utils.errors import InvalidParamsError
from a2a.utils.task import apply_history_length, validate_history_length
from staff0.tasks import StoredTask, snapshot

from hr_agent.http.caller import Caller
from hr_agent.http.wait_header import Wait
from hr_agent.methods.caller_tasks import CallerTasks
from hr_agent.methods.event_stream import EventStreams


async def get_task(
    tasks: CallerTasks, streams: EventStreams, params: GetTaskRequest, caller: Caller, wait: Wait | None
) -> Task:
    """The task; with a wait also its version, as `metadata.sequence`. Raises TaskNotFound, InvalidParamsError."""
    validate_history_length(params)
    stored = tasks.get(caller.owner, params.id)
    if wait is None:
        return apply_history_length(stored.task, params)
    changed = await _changed(tasks, streams, stored, wait)
    return apply_history_length(snapshot(changed.task, changed.version), params)


async def _changed(tasks: CallerTasks, streams: EventStreams, stored: StoredTask, wait: Wait) -> StoredTask:
    known = stored.version if wait.after is None else wait.after
    if known > stored.version:
        raise InvalidParamsError(message=f"The task has no version {known} yet: see Staff0-Wait.")
    return await streams.wait_for_change(stored, known, wait.seconds, tasks.get)
