"""Webhooks of a caller's task (A2A 3.1.7 to 3.1.10). What a receiver knows us by is sealed, and never shown again."""

import json
import uuid
from dataclasses import dataclass
from typing import Final

from a2a.types import (
    AuthenticationInfo,
    DeleteTaskPushNotificationConfigRequest,
    GetTaskPushNotificationConfigRequest,
    ListTaskPushNotificationConfigsRequest,
    ListTaskPushNotificationConfigsResponse,
    TaskPushNotificationConfig,
)
from a2a.utils.errors import InvalidParamsError, TaskNotFoundError
from pydantic import SecretStr
from staff0.encryption import Encryptor
from staff0.errors import WebhookRefused
from staff0.tasks import PushConfig, PushConfigStore
from staff0.webhooks import is_authentication_scheme, is_header_value, parse_webhook_url

from hr_agent.http.caller import Caller
from hr_agent.methods.caller_tasks import CallerTasks
from hr_agent.methods.message_validation import MAX_ID_BYTES

MAX_PER_TASK: Final = 5
_MAX_SECRET: Final = 3_500  # KMS seals 4,096 bytes at once


@dataclass(frozen=True)
class PushNotificationConfigs:
    """All raise TaskNotFound for a task that is not the caller's.

    `allow_loopback` is for a stack on one machine.
    """

    tasks: CallerTasks
    store: PushConfigStore
    encryptor: Encryptor
    allow_loopback: bool

    async def create(self, params: TaskPushNotificationConfig, caller: Caller) -> TaskPushNotificationConfig:
        """Adds a webhook, or replaces the one of that id. It is told the task as it stands, so that nothing is missed.

        Raises InvalidParamsError for what cannot be called, and for one more than a task may have.
        """
        stored = self.tasks.get(caller.owner, params.task_id)
        config = self.read(params, stored.task.id, caller, since=stored.version)
        others = [other for other in self.store.list_for_task(config.task_id) if other.config_id != config.config_id]
        if len(others) >= MAX_PER_TASK:
            raise InvalidParamsError(message=f"A task has at most {MAX_PER_TASK} webhooks.")
        self.store.save(config)
        return _shown(config)

    async def get(self, params: GetTaskPushNotificationConfigRequest, caller: Caller) -> TaskPushNotificationConfig:
        """Raises TaskNotFoundError for a webhook that does not exist (A2A 3.1.8)."""
        task_id = self.tasks.get(caller.owner, params.task_id).task.id
        config = self.store.find(task_id, params.id) if _fits(params.id) else None
        if config is None:
            raise TaskNotFoundError(message="The task has no webhook of this id.")
        return _shown(config)

    async def list(
        self, params: ListTaskPushNotificationConfigsRequest, caller: Caller
    ) -> ListTaskPushNotificationConfigsResponse:
        """All at once: a task has few. Raises InvalidParamsError for a page that there is not."""
        if params.page_token:
            raise InvalidParamsError(message="not a page token of this list")
        configs = self.store.list_for_task(self.tasks.get(caller.owner, params.task_id).task.id)
        return ListTaskPushNotificationConfigsResponse(configs=map(_shown, configs))

    async def delete(self, params: DeleteTaskPushNotificationConfigRequest, caller: Caller) -> None:
        """Deleting again changes nothing (A2A 3.1.10)."""
        task_id = self.tasks.get(caller.owner, params.task_id).task.id
        if _fits(params.id):
            self.store.delete(task_id, params.id)

    def read(self, given: TaskPushNotificationConfig, task_id: str, caller: Caller, since: int) -> PushConfig:
        """What is kept of a webhook. Raises InvalidParamsError for what cannot be called or sent."""
        try:
            parse_webhook_url(given.url, allow_loopback=self.allow_loopback)
        except WebhookRefused as error:
            raise InvalidParamsError(message=f"The webhook cannot be called: {error}.") from None
        if not _fits(given.id):
            raise InvalidParamsError(message=f"Ids are at most {MAX_ID_BYTES} bytes long.")
        return PushConfig(
            task_id=task_id,
            # Derived where the caller names none, so that the same webhook registered twice is one.
            config_id=given.id or str(uuid.uuid5(uuid.NAMESPACE_URL, given.url)),
            owner=caller.owner,
            url=given.url,
            protocol=caller.protocol,
            scheme=given.authentication.scheme,
            encrypted_credentials=self._encrypted_credentials(given, task_id),
            since=since,
        )

    def _encrypted_credentials(self, given: TaskPushNotificationConfig, task_id: str) -> bytes | None:
        token, authentication = given.token, given.authentication
        if not token and not given.HasField("authentication"):
            return None
        sent = [value for value in (token, authentication.credentials) if value]
        if not all(map(is_header_value, sent)) or sum(map(len, sent)) > _MAX_SECRET:
            raise InvalidParamsError(message="The webhook's token and credentials must fit into HTTP headers.")
        if given.HasField("authentication") and not is_authentication_scheme(authentication.scheme):
            raise InvalidParamsError(message="The webhook's authentication needs a scheme of HTTP.")
        secret = json.dumps({"token": token, "credentials": authentication.credentials})
        return self.encryptor.encrypt(task_id, SecretStr(secret))


def _fits(config_id: str) -> bool:
    return len(config_id.encode()) <= MAX_ID_BYTES  # part of a DynamoDB key


def _shown(config: PushConfig) -> TaskPushNotificationConfig:
    authentication = AuthenticationInfo(scheme=config.scheme) if config.scheme else None
    return TaskPushNotificationConfig(
        id=config.config_id, task_id=config.task_id, url=config.url, authentication=authentication
    )
