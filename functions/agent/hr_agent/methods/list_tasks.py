"""ListTasks (A2A 3.1.4): the caller's own tasks, newest first."""

from contextlib import suppress
from datetime import UTC

from a2a.types import ListTasksRequest, ListTasksResponse, Task
from a2a.utils.errors import InvalidParamsError
from a2a.utils.task import apply_history_length, validate_history_length, validate_page_size
from botocore.exceptions import ClientError
from staff0.errors import TaskConflict, TaskNotFound
from staff0.tasks import ListQuery, Page, TaskState

from hr_agent.http.caller import Caller
from hr_agent.methods.caller_tasks import CallerTasks

_DEFAULT_PAGE_SIZE = 50


async def list_tasks(tasks: CallerTasks, params: ListTasksRequest, caller: Caller) -> ListTasksResponse:
    """Raises InvalidParamsError for an invalid page size, history length or page token."""
    query = _query(params)
    page = _page(tasks, caller.owner, query)
    failed = [task for task in page.tasks if _fail_if_overdue(tasks, caller.owner, task)]
    if failed:
        page = _page(tasks, caller.owner, query)
    return ListTasksResponse(
        # The SDK's serializer leaves out the artifacts unless the request includes them.
        tasks=[apply_history_length(task, params) for task in page.tasks],
        next_page_token=page.next_cursor or "",
        page_size=query.page_size,
        total_size=page.total,
    )


def _page(tasks: CallerTasks, owner: str, query: ListQuery) -> Page:
    try:
        return tasks.store.page(owner, query)
    except ValueError as error:
        raise InvalidParamsError(message=str(error)) from None
    except ClientError as error:
        if query.cursor and error.response["Error"]["Code"] == "ValidationException":
            raise InvalidParamsError(message="The page token is not valid.") from None
        raise


def _fail_if_overdue(tasks: CallerTasks, owner: str, task: Task) -> bool:
    """Fails a task after its deadline, as GetTask does. Returns whether its state has changed."""
    state = TaskState(task.status.state)
    if state.is_terminal or state is TaskState.INPUT_REQUIRED:
        return False
    with suppress(TaskNotFound, TaskConflict):  # another writer has just changed it: the list shows it as it was
        return tasks.load(owner, task.id).state is not state
    return False


def _query(params: ListTasksRequest) -> ListQuery:
    validate_history_length(params)
    page_size = params.page_size if params.HasField("page_size") else _DEFAULT_PAGE_SIZE
    validate_page_size(page_size)
    after = params.status_timestamp_after
    return ListQuery(
        context_id=params.context_id or None,
        state=_state(params.status) if params.status else None,
        updated_after=after.ToDatetime(tzinfo=UTC) if params.HasField("status_timestamp_after") else None,
        page_size=page_size,
        cursor=params.page_token or None,
    )


def _state(number: int) -> TaskState:
    try:
        return TaskState(number)
    except ValueError:
        raise InvalidParamsError(message="The task state is not valid.") from None
