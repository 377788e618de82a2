"""The records of the tasks table. All are frozen: a change is a new record with the next version."""

from __future__ import annotations

from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

import msgspec
from a2a.types import StreamResponse, Task

from staff0.question import Question
from staff0.tasks.key_digest import key_digest, push_config_reference
from staff0.tasks.states import TaskState

type AwareDatetime = Annotated[datetime, msgspec.Meta(tz=True)]

CIPHERTEXTS: Final = frozenset({"sealed_auth_req_id", "sealed_token", "sealed_unverified_token", "sealed_id_token"})
DEADLINE_MARGIN: Final = timedelta(seconds=120)  # for the workflow to end a task after the employee's time is over


@dataclass(frozen=True)
class StoredTask:
    """A task in the table. `version` counts its writes from 1. `deadline` is the time by which it must have ended.

    `has_owner_key` is true for a task of an older version, whose key holds its owner.
    `traceparent` is the trace context of the message that opened the task; empty if it had none.
    """

    owner: str
    task: Task
    version: int
    deadline: datetime | None
    has_owner_key: bool = False
    traceparent: str = ""

    @property
    def state(self) -> TaskState:
        return TaskState(self.task.status.state)


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """One request for the approval of one employee, from the question to the encrypted token.

    `version` is 0 until the first write. `asked_at` is set before Auth0 is called, so that a retry sends no second
    push. Without `sealed_auth_req_id` no push was sent, and the request waits for its expiry like any other.
    `about` is the pseudonym of the person in the audit trail, whether such an employee exists or not.
    `switched_off`: no push was sent, because the employee does not want to be asked (staff0.employee_choices).
    `again_at` is when the caller may ask about the same person again if no answer comes.
    `asked_key` and `person_key` are the keyed hashes under which the limits on this person are kept
    (staff0.person_keys): of the person as the caller wrote them, and of the one who was found.
    `polled_at` is when the last poll was sent, `slowest_poll_seconds` the longest time that an answer has taken.
    The HR API is asked until `read_until`, and not before `read_not_before`, if it has asked for a pause.
    The statement names `agent_url` (the agent's URL for this caller), `client_id` and `approved_at`.
    `purpose` is the text of the registry that the phone shows. `facts` are the ids of the facts that the caller asks
    for, and with `has_authorization_details` the push names them. `granted_facts` are those that the employee agreed
    to; None before that, and in records of older versions. `token_id_hash` is the SHA-256 of the token's jti, if any.
    `read_key` lets the HR API answer the same request again, and no other with the same token.
    The fields `sealed_*` are ciphertexts of staff0.encryption. `sealed_token` is the verified access token.
    `sealed_unverified_token` and `sealed_id_token` are tokens whose key is not known yet.

    Items hold the field names, so a renamed field would make stored approvals unreadable.
    """

    task_id: str
    owner: str
    caller: str
    client_id: str = ""  # empty in records of older versions
    agent_url: str = ""  # empty in records of older versions
    question: Question
    version: int = 0
    about: str | None = None
    again_at: AwareDatetime | None = None
    asked_key: str | None = None  # absent in records of older versions, as is person_key
    person_key: str | None = None
    code: str | None = None
    purpose: str = ""
    facts: tuple[str, ...] = ()  # empty before the claim, and in records of older versions
    has_authorization_details: bool = False
    granted_facts: tuple[str, ...] | None = None
    token_id_hash: str | None = None
    read_key: str | None = None
    asked_at: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None
    push_expires_at: AwareDatetime | None = None
    interval_seconds: int = 5
    polled_at: AwareDatetime | None = None
    slowest_poll_seconds: float = 0
    next_poll_at: AwareDatetime | None = None
    poll_lease_until: AwareDatetime | None = None
    employee_sub: str | None = None
    switched_off: bool = False
    approved_at: AwareDatetime | None = None
    read_until: AwareDatetime | None = None  # absent in records of older versions
    read_not_before: AwareDatetime | None = None
    sealed_auth_req_id: bytes | None = None
    sealed_token: bytes | None = None
    sealed_unverified_token: bytes | None = None
    sealed_id_token: bytes | None = None

    def without_secrets(self) -> Approval:
        """The approval of a request that has ended."""
        secrets: dict[str, Any] = dict.fromkeys(CIPHERTEXTS | {"read_key"})
        return replace(self, **secrets)


@dataclass(frozen=True)
class MessageKey:
    """The key of the first message of a task: the same message again finds the same task (A2A 3.3.1).

    `digest` is a hash of the whole message, because clients reuse message ids for other messages.
    """

    message_id: str
    digest: str


@dataclass(frozen=True)
class Event:
    """One write of a task. `sequence` is the version that it wrote; `updates` are sent to streams and webhooks."""

    sequence: int
    state: TaskState
    at: datetime
    updates: list[StreamResponse]


@dataclass(frozen=True)
class PushConfig:
    """A webhook of a task. `scheme` is the HTTP authentication scheme of its credentials.

    `since` is the version of the task at the registration, or 0 if the webhook was registered with the task. The
    webhook gets that version of the task and the updates of later ones. `protocol` is the client's A2A version.
    `agent_url` is the agent's URL for the caller, empty in records of older versions. `traceparent` is the task's.
    `config_id` is the caller's own. `has_plain_key` is true for a webhook of an older version, whose key holds the id.
    """

    task_id: str
    config_id: str
    owner: str
    url: str
    protocol: str = "1.0"
    scheme: str = ""
    encrypted_credentials: bytes | None = None
    since: int = 0
    traceparent: str = ""
    agent_url: str = ""
    has_plain_key: bool = field(default=False, compare=False)

    @property
    def reference(self) -> str:
        """Stands for the id in keys, queue and logs."""
        return self.config_id if self.has_plain_key else push_config_reference(self.task_id, self.config_id)

    @property
    def owner_reference(self) -> str:
        """Stands for the caller in the queue."""
        return key_digest(self.owner)

    def delivery_id(self, position: str) -> str:
        """The id of the notification at this position of the task, the same at each attempt to deliver it."""
        return key_digest(self.reference, position)


@dataclass(frozen=True)
class Pace:
    """How a server has answered the notifications of one caller.

    `has_accepted`: with 2xx, once. `is_quick`: the last time, within a short time. `failures` are those since the last
    2xx that count against it. Nothing is sent before `closed_until`.
    """

    has_accepted: bool = False
    is_quick: bool = False
    failures: int = 0
    closed_until: datetime | None = None


@dataclass(frozen=True)
class ListQuery:
    """The filters of ListTasks (A2A 3.1.4). `page_size` is 1 to 100; `cursor` is the `next_cursor` of a Page."""

    context_id: str | None = None
    state: TaskState | None = None
    updated_after: datetime | None = None
    page_size: int = 50
    cursor: str | None = None


@dataclass(frozen=True)
class ListedTask:
    """A task of a page. The page after `cursor` begins with the next task."""

    stored: StoredTask
    cursor: str


@dataclass(frozen=True)
class Page:
    """Tasks, newest first. `next_cursor` is None on the last page. `total` counts the matching tasks of all pages."""

    listed: list[ListedTask]
    next_cursor: str | None
    total: int

    @property
    def tasks(self) -> list[Task]:
        return [listed.stored.task for listed in self.listed]
