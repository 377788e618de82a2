"""Reads tasks and approvals."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from staff0.errors import TaskNotFound
from staff0.tasks import dynamodb_items, table_keys
from staff0.tasks.listing import Listing
from staff0.tasks.models import Approval, ListQuery, Page, StoredTask
from staff0.tasks.table_reader import TableReader
from staff0.tasks.unreadable_items import read_or_none

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from staff0.clock import Clock


class TaskReader:
    """Reads tasks and approvals. Raises botocore's ClientError or BotoCoreError if DynamoDB fails."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock) -> None:
        self._reader = TableReader(client, table, clock)
        self._listing = Listing(self._reader)

    def get(self, owner: str, task_id: str) -> StoredTask:
        """The owner's task. Raises TaskNotFound if it does not exist, belongs to another owner or cannot be read.

        These three need the same reads, so that their times do not tell which it is.
        """
        for key in (table_keys.task_key(task_id), table_keys.owner_task_key(owner, task_id)):
            stored = read_or_none(dynamodb_items.read_task, self._reader.get(key))
            if stored and stored.owner == owner:
                return stored
        raise TaskNotFound(task_id)

    def find(self, task_id: str) -> tuple[StoredTask, Approval]:
        """The task and its approval by task id, for the workflow, which acts for no caller.

        Raises TaskNotFound, ItemUnreadable.
        """
        approval = self.approval(task_id)
        if approval is None:
            raise TaskNotFound(task_id)
        return self.get(approval.owner, task_id), approval

    def find_without_approval(self, task_id: str) -> StoredTask:
        """The task whose approval cannot be read. Raises TaskNotFound, also if no item has its owner."""
        approval = self._reader.get(table_keys.approval_key(task_id)) or {}
        first_event = self._reader.get(table_keys.event_key(task_id, 1)) or {}
        owner = dynamodb_items.read_owner(approval, first_event)
        if owner is None:
            raise TaskNotFound(task_id)
        return self.get(owner, task_id)

    def approval(self, task_id: str) -> Approval | None:
        """The approval of a task; None until the question is complete. It does not check the owner.

        Raises ItemUnreadable.
        """
        item = self._reader.get(table_keys.approval_key(task_id))
        return dynamodb_items.read_approval(item) if item else None

    def live_task_about(self, owner: str, asked_key: str) -> StoredTask | None:
        """The owner's last task that asked for this person's approval, unless it has ended."""
        item = self._reader.get(table_keys.cool_down_key(owner, asked_key))
        with suppress(TaskNotFound):
            stored = self.get(owner, item["task_id"]["S"]) if item else None
            return stored if stored and not stored.state.is_terminal else None
        return None

    def page(self, owner: str, query: ListQuery) -> Page:
        """One page of the owner's tasks, newest first. Raises ValueError for a wrong cursor."""
        return self._listing.page(owner, query)
