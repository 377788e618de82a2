"""The task store. A write is one transaction on the expected version, and a terminal task never changes."""

from __future__ import annotations

from copy import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from staff0.errors import ItemUnreadable, TaskClosed, TaskConflict, TooManyWebhooks
from staff0.question import Question
from staff0.tasks import dynamodb_items, push_config_writes, table_keys
from staff0.tasks.audit_trail import AuditTrail
from staff0.tasks.lost_race import CONDITION_FAILED, race_codes
from staff0.tasks.models import Approval, Event, MessageKey, PushConfig, StoredTask
from staff0.tasks.states import TaskState
from staff0.tasks.task_lists import ListWrites
from staff0.tasks.task_reader import TaskReader
from staff0.tasks.update_events import updates

if TYPE_CHECKING:
    from a2a.types import Task
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from staff0.clock import Clock
    from staff0.tasks.table_keys import Item


class _Unchanged:
    """The type of UNCHANGED: a deadline that a write keeps."""


UNCHANGED: Final = _Unchanged()


class TaskStore(TaskReader):
    """Also writes tasks and approvals, with their events, message keys, webhooks and audit records."""

    def __init__(
        self, client: DynamoDBClient, table: str, clock: Clock, audit: AuditTrail, retention_days: int = 30
    ) -> None:
        super().__init__(client, table, clock)
        self._client = client
        self._clock = clock
        self._audit = audit
        self._items = dynamodb_items.Items(table, retention_days)
        self._lists = ListWrites(self._items)

    def create(  # noqa: PLR0913 - one transaction writes them all
        self,
        owner: str,
        task: Task,
        message: MessageKey,
        *,
        approval: Approval | None = None,
        deadline: datetime | None = None,
        push_config: PushConfig | None = None,
        traceparent: str = "",
    ) -> tuple[StoredTask, bool]:
        """Creates a task, and says whether it is new: the same message again returns its first task (A2A 3.3.1)."""
        now = self._clock()
        stored = StoredTask(owner, task, 1, deadline, traceparent=traceparent)
        writes = [
            *self._items.new_message(owner, message, task.id, now),
            self._items.put_new(self._items.task(stored)),
            *self._lists.move(owner, None, task),
            self._event_write(None, stored, now),
            self._audit.write(stored, approval, now),
            *self._approval_write(approval, now),
            *self._push_config_write(push_config, now),
        ]
        try:
            self._write(writes)
        except TaskConflict:
            existing_id = self.id_of_answer(owner, message)
            if existing_id is None:
                raise
            return self.get(owner, existing_id), False
        return stored, True

    def id_of_answer(self, owner: str, message: MessageKey) -> str | None:
        """The id of the task that answers the message; None for a new message."""
        for key in (table_keys.message_key(owner, message), *table_keys.owner_message_keys(owner, message)):
            if item := self._reader.get(key):
                return item["task_id"]["S"]
        return None

    def link(self, owner: str, message: MessageKey, task_id: str) -> StoredTask:
        """Stores that this task answers the message. The same message again returns its first task (A2A 3.3.1)."""
        try:
            self._write(self._items.new_message(owner, message, task_id, self._clock()))
        except TaskConflict:
            return self.get(owner, self.id_of_answer(owner, message) or task_id)
        return self.get(owner, task_id)

    def commit(
        self,
        stored: StoredTask,
        task: Task,
        *,
        approval: Approval | None = None,
        deadline: datetime | _Unchanged | None = UNCHANGED,
        push_config: PushConfig | None = None,
    ) -> StoredTask:
        """Writes the next version of a task with its event and audit record, the approval and the webhook: all or none.

        Raises TaskClosed for a terminal task, ValueError for a transition that staff0.tasks.states does not allow,
        TooManyWebhooks, and TaskConflict if another writer was faster.
        """
        now = self._clock()
        writes = [*self._approval_write(approval, now), *self._push_config_write(push_config, now)]
        return self._commit(stored, task, approval, deadline, writes)

    def close(self, stored: StoredTask, task: Task) -> StoredTask:
        """Writes the terminal version of a task, and its approval without secrets.

        Replaces an approval that cannot be read with an empty one: it may hold secrets too. Raises like `commit`.
        """
        try:
            approval = self.approval(task.id)
        except ItemUnreadable:
            return self._close_without_approval(stored, task)
        return self.commit(stored, task, approval=approval and approval.without_secrets())

    def save_approval(self, approval: Approval) -> Approval:
        """Writes the next version of an approval only. Raises TaskConflict if another writer was faster."""
        following = replace(approval, version=approval.version + 1)
        self._replace(self._items.approval(following, self._clock()), approval.version)
        return following

    def _close_without_approval(self, stored: StoredTask, task: Task) -> StoredTask:
        empty = Approval(task_id=task.id, owner=stored.owner, caller="", question=Question(), version=1)
        put = self._items.put(self._items.approval(empty, self._clock()))
        return self._commit(stored, task, empty, UNCHANGED, [put])

    def _commit(
        self,
        stored: StoredTask,
        task: Task,
        approval: Approval | None,
        deadline: datetime | _Unchanged | None,
        more: list[TransactWriteItemTypeDef],
    ) -> StoredTask:
        _check_transition(stored, dynamodb_items.read_state(task))
        now = self._clock()
        kept = stored.deadline if isinstance(deadline, _Unchanged) else deadline
        changed = replace(stored, task=task, version=stored.version + 1, deadline=kept)
        self._write(
            [
                self._items.replace_version(self._items.task(changed), stored.version),
                *self._list_writes(stored, task),
                self._event_write(stored.task, changed, now),
                self._audit.write(changed, approval, now),
                *more,
            ]
        )
        return changed

    def _approval_write(self, approval: Approval | None, now: datetime) -> list[TransactWriteItemTypeDef]:
        if approval is None:
            return []
        following = replace(approval, version=approval.version + 1)
        return [self._items.replace_version(self._items.approval(following, now), approval.version)]

    def _list_writes(self, stored: StoredTask, task: Task) -> list[TransactWriteItemTypeDef]:
        """A task of an older version is in no list: the index has it."""
        return [] if stored.has_owner_key else self._lists.move(stored.owner, stored.task, task)

    def _event_write(self, before: Task | None, stored: StoredTask, now: datetime) -> TransactWriteItemTypeDef:
        event = Event(stored.version, stored.state, now, updates(before, stored.task, stored.version))
        return self._items.put_new(self._items.event(stored.owner, stored.task.id, event))

    def _push_config_write(self, config: PushConfig | None, now: datetime) -> list[TransactWriteItemTypeDef]:
        return push_config_writes.save(self._items, config, now) if config else []

    def _replace(self, item: Item, version: int) -> None:
        """Replaces `version` of one item: half the price of a transaction.

        The client repeats a write whose response was lost. A transaction has a token for that; here the item that is
        found tells.
        """
        put = self._items.replace_version(item, version)["Put"]
        put["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        try:
            self._client.put_item(**put)
        except ClientError as error:
            if error.response.get("Item") == item:
                return
            if race_codes(error) or error.response["Error"]["Code"] == f"{CONDITION_FAILED}Exception":
                raise TaskConflict("another writer was faster") from None
            raise

    def _write(self, writes: list[TransactWriteItemTypeDef]) -> None:
        try:
            self._client.transact_write_items(TransactItems=writes)
        except ClientError as error:
            if push_config_writes.is_full(error, writes):
                raise TooManyWebhooks("the transaction has one webhook too many") from None
            if race_codes(error):
                raise TaskConflict("another writer was faster") from None
            raise


def _check_transition(stored: StoredTask, following: TaskState) -> None:
    state = stored.state
    if state.is_terminal:
        raise TaskClosed(stored.task.id, state.name)
    if following != state and not state.can_become(following):
        raise ValueError(f"no transition from {state.name} to {following.name}")
