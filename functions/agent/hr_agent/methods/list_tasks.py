"""ListTasks (A2A 3.1.4): the caller's own tasks, newest first."""

from contextlib import suppress
from datetime import UTC
from itertools import accumulate, takewhile

from a2a.types import ListTasksRequest, ListTasksResponse, Task
from a2a.utils.errors import InvalidParamsError
from a2a.utils.task import apply_history_length, validate_history_length, validate_page_size
from botocore.exceptions import ClientError
from staff0.errors import TaskConflict, TaskNotFound
from staff0.tasks import ListQuery, Page, StoredTask, TaskState

from hr_agent.http.caller import Caller
from hr_agent.limits import MAX_PAGE_BYTES
from hr_agent.methods.caller_tasks import CallerTasks
from hr_agent.methods.response_size import response_bytes

_DEFAULT_PAGE_SIZE = 50


async def list_tasks(tasks: CallerTasks, params: ListTasksRequest, caller: Caller) -> ListTasksResponse:
    """At most MAX_PAGE_BYTES of tasks on a page, and at least one task.

    Raises InvalidParamsError for an invalid page size, history length or page token.
    """
    query = _query(params)
    page = _page(tasks, caller.owner, query)
    failed = [listed for listed in page.listed if _fail_if_overdue(tasks, listed.stored)]
    if failed:
        page = _page(tasks, caller.owner, query)
    shown = _fitting([_shown(task, params) for task in page.tasks])
    is_cut = len(shown) < len(page.listed)
    return ListTasksResponse(
        tasks=shown,
        next_page_token=(page.listed[len(shown) - 1].cursor if is_cut else page.next_cursor) or "",
        page_size=query.page_size,
        total_size=page.total,
    )


def _shown(task: Task, params: ListTasksRequest) -> Task:
    """A copy of the task with the parts that the request includes."""
    shown = Task()
    shown.CopyFrom(apply_history_length(task, params))
    if not params.include_artifacts:
        shown.ClearField("artifacts")
    return shown


def _fitting(tasks: list[Task]) -> list[Task]:
    """The first tasks that fit into one response, and at least one."""
    sizes = takewhile(lambda size: size <= MAX_PAGE_BYTES, accumulate(map(response_bytes, tasks)))
    return tasks[: max(1, sum(1 for _ in sizes))]


def _page(tasks: CallerTasks, owner: str, query: ListQuery) -> Page:
    try:
        return tasks.store.page(owner, query)
    except ValueError as error:
        raise InvalidParamsError(message=str(error)) from None
    except ClientError as error:
        if query.cursor and error.response["Error"]["Code"] == "ValidationException":
            raise InvalidParamsError(message="The page token is not valid.") from None
        raise


def _fail_if_overdue(tasks: CallerTasks, stored: StoredTask) -> bool:
    """Fails a task after its deadline, as GetTask does. Returns whether its state has changed."""
    if not tasks.is_overdue(stored):
        return False
    with suppress(TaskNotFound, TaskConflict):  # another writer has just changed it: the list shows it as it was
        return tasks.load(stored.owner, stored.task.id).state is not stored.state
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
