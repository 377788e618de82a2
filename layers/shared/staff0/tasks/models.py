"""What the store hands out and takes in. All frozen: a change is a new record, written by compare-and-swap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from a2a.types import StreamResponse, Task
from pydantic import AwareDatetime, BaseModel, ConfigDict

from staff0.question import Question
from staff0.tasks.states import TaskState

DEADLINE_MARGIN: Final = timedelta(seconds=120)  # how long after an employee's time the loop may take to end a task


@dataclass(frozen=True)
class StoredTask:
    """A task as it lies in the table. `version` counts its writes from 1; `deadline` is when it must have ended."""

    owner: str
    task: Task
    version: int
    deadline: datetime | None

    @property
    def state(self) -> TaskState:
        return TaskState(self.task.status.state)


class Approval(BaseModel):
    """One request to one employee, from the question to the sealed token.

    `version` is 0 until it is first written. `asked_at` is set before Auth0 is called: whoever finds it set never
    asks again. No `sealed_auth_req_id` means that nobody holds a push: the request waits for its expiry like any other.
    `about` is the audit trail's pseudonym of the person, found or not.
    `again_at` is when the caller may ask about the same person again if nobody answers.
    `agent_url`, `client_id` and `approved_at` say whom the caller asked, who the caller is and when consent was seen.
    """

    model_config = ConfigDict(frozen=True, ser_json_bytes="base64", val_json_bytes="base64")

    task_id: str
    owner: str
    caller: str
    client_id: str = ""  # records of older versions have neither this
    agent_url: str = ""  # nor this
    question: Question
    version: int = 0
    about: str | None = None
    again_at: AwareDatetime | None = None
    code: str | None = None
    asked_at: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None
    push_expires_at: AwareDatetime | None = None
    interval_seconds: int = 5
    next_poll_at: AwareDatetime | None = None
    poll_lease_until: AwareDatetime | None = None
    employee_sub: str | None = None
    approved_at: AwareDatetime | None = None
    sealed_auth_req_id: bytes | None = None
    sealed_token: bytes | None = None

    def without_secrets(self) -> Approval:
        """As it is kept once the request has ended."""
        return self.model_copy(update={"sealed_auth_req_id": None, "sealed_token": None})


@dataclass(frozen=True)
class MessageKey:
    """A message that opens a task, so that sending it again finds the same task (A2A 3.3.1).

    Clients reuse message ids, so the content counts too: `digest` is a hash of the whole message.
    """

    message_id: str
    digest: str


@dataclass(frozen=True)
class Event:
    """One write of a task. `sequence` is the version it led to; `updates` is what it tells those who listen."""

    sequence: int
    state: TaskState
    at: datetime
    updates: list[StreamResponse]


@dataclass(frozen=True)
class PushConfig:
    """A webhook of a task. `scheme` says how its credentials are sent.

    `since` is the task's version when it was registered, 0 for one that came with the task: later versions are told,
    and so is the task as it then stood. `protocol` is the A2A version the client speaks.
    """

    task_id: str
    config_id: str
    owner: str
    url: str
    protocol: str = "1.0"
    scheme: str = ""
    encrypted_credentials: bytes | None = None
    since: int = 0


@dataclass(frozen=True)
class ListQuery:
    """ListTasks' filters (A2A 3.1.4). `page_size` is 1 to 100; `cursor` is a Page's own."""

    context_id: str | None = None
    state: TaskState | None = None
    updated_after: datetime | None = None
    page_size: int = 50
    cursor: str | None = None


@dataclass(frozen=True)
class Page:
    """Newest first. `next_cursor` is None at the end; `total` counts all that match, on every page."""

    tasks: list[Task]
    next_cursor: str | None
    total: int
