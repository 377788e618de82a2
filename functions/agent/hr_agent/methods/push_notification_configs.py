"""Webhooks of a caller's task (A2A 3.1.7 to 3.1.10). Their credentials are encrypted and never shown again."""

import base64
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
from a2a.utils.errors import InvalidParamsError, TaskNotFoundError, UnsupportedOperationError
from staff0.caller_texts import MAX_ID_BYTES
from staff0.encryption import Encryptor
from staff0.errors import WebhookRefused
from staff0.secret_str import SecretStr
from staff0.tasks import PushConfig, PushConfigStore, retry_on_conflict_async
from staff0.webhooks import DEFAULT_PORTS, is_authentication_scheme, is_header_value, parse_webhook_url

from hr_agent.http.caller import Caller
from hr_agent.methods.caller_tasks import CallerTasks
from hr_agent.methods.message_validation import require_supported_texts

_MAX_SECRET_BYTES: Final = 3_600  # as JSON, which escapes some characters; KMS encrypts at most 4,096 bytes at once


@dataclass(frozen=True)
class PushNotificationConfigs:
    """All methods raise TaskNotFound for a task of another caller. Those that write raise TaskConflict.

    `allow_loopback` is for a stack on one machine; `ports` are those at which the operator allows webhooks.
    """

    tasks: CallerTasks
    store: PushConfigStore
    encryptor: Encryptor
    allow_loopback: bool
    ports: frozenset[int] = DEFAULT_PORTS

    async def create(self, params: TaskPushNotificationConfig, caller: Caller) -> TaskPushNotificationConfig:
        """Adds a webhook, or replaces the one with that id; it first receives the current task and so misses nothing.

        Raises InvalidParamsError for a webhook that cannot be called, TooManyWebhooks, and UnsupportedOperationError
        for a task that ended without a question to an employee: its answer told the caller.
        """
        stored = self.tasks.get(caller.owner, params.task_id)
        if stored.state.is_terminal and self.tasks.approval(stored.task.id) is None:
            raise UnsupportedOperationError(
                message="The task has ended without a question: there is nothing to notify."
            )
        config = self.parse(params, stored.task.id, caller, stored.traceparent, stored.version)
        await retry_on_conflict_async(lambda: self._save(config))
        return _without_secrets(config)

    async def get(self, params: GetTaskPushNotificationConfigRequest, caller: Caller) -> TaskPushNotificationConfig:
        """Raises TaskNotFoundError for a webhook that does not exist (A2A 3.1.8)."""
        task_id = self.tasks.get(caller.owner, params.task_id).task.id
        config = self.store.find(task_id, params.id) if _is_valid_id(params.id) else None
        if config is None:
            raise TaskNotFoundError(message="The task has no webhook of this id.")
        return _without_secrets(config)

    async def list(
        self, params: ListTaskPushNotificationConfigsRequest, caller: Caller
    ) -> ListTaskPushNotificationConfigsResponse:
        """One page in the order of the ids, or all of them without a page size: a task has few.

        Raises InvalidParamsError for a negative page size, or a page token that is not from here.
        """
        if params.page_size < 0:
            raise InvalidParamsError(message="The page size must not be negative.")
        last_id = _decode_page_token(params.page_token)
        configs = self.store.list_for_task(self.tasks.get(caller.owner, params.task_id).task.id)
        left = [config for config in configs if config.config_id > last_id]
        page = left[: params.page_size or None]
        return ListTaskPushNotificationConfigsResponse(
            configs=map(_without_secrets, page),
            next_page_token=_encode_page_token(page[-1]) if len(page) < len(left) else "",
        )

    async def delete(self, params: DeleteTaskPushNotificationConfigRequest, caller: Caller) -> None:
        """Deleting again changes nothing (A2A 3.1.10)."""
        task_id = self.tasks.get(caller.owner, params.task_id).task.id
        if _is_valid_id(params.id):
            await retry_on_conflict_async(lambda: self._delete(task_id, params.id))

    async def _save(self, config: PushConfig) -> None:
        self.store.save(config)

    async def _delete(self, task_id: str, config_id: str) -> None:
        self.store.delete(task_id, config_id)

    def parse(
        self, params: TaskPushNotificationConfig, task_id: str, caller: Caller, traceparent: str, since: int
    ) -> PushConfig:
        """The config to store. Events after version `since` of the task are sent to it, in the task's trace.

        Raises InvalidParamsError for a URL that cannot be called, or texts that cannot be sent.
        """
        require_supported_texts(params)
        try:
            parse_webhook_url(params.url, allow_loopback=self.allow_loopback, ports=self.ports)
        except WebhookRefused as error:
            raise InvalidParamsError(message=f"The webhook cannot be called: {error}.") from None
        if not _is_valid_id(params.id):
            raise InvalidParamsError(message=f"Ids are at most {MAX_ID_BYTES} bytes long.")
        return PushConfig(
            task_id=task_id,
            # Derived if the caller names none, so that the same webhook registered twice is stored once.
            config_id=params.id or str(uuid.uuid5(uuid.NAMESPACE_URL, params.url)),
            owner=caller.owner,
            url=params.url,
            protocol=caller.protocol,
            scheme=params.authentication.scheme,
            encrypted_credentials=self._encrypted_credentials(params, task_id),
            since=since,
            traceparent=traceparent,
            agent_url=caller.agent_url,
        )

    def _encrypted_credentials(self, params: TaskPushNotificationConfig, task_id: str) -> bytes | None:
        token, authentication = params.token, params.authentication
        if not token and not params.HasField("authentication"):
            return None
        sent = [value for value in (token, authentication.credentials) if value]
        secret = json.dumps({"token": token, "credentials": authentication.credentials})
        if not all(map(is_header_value, sent)) or len(secret) > _MAX_SECRET_BYTES:
            raise InvalidParamsError(message="The webhook's token and credentials must fit into HTTP headers.")
        if params.HasField("authentication") and not is_authentication_scheme(authentication.scheme):
            raise InvalidParamsError(message="The webhook's authentication needs a scheme of HTTP.")
        return self.encryptor.encrypt(task_id, SecretStr(secret))


def _encode_page_token(last: PushConfig) -> str:
    return base64.urlsafe_b64encode(last.config_id.encode()).decode()


def _decode_page_token(token: str) -> str:
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except ValueError:
        raise InvalidParamsError(message="The page token is not valid.") from None


def _is_valid_id(config_id: str) -> bool:
    return len(config_id.encode()) <= MAX_ID_BYTES  # part of a DynamoDB key


def _without_secrets(config: PushConfig) -> TaskPushNotificationConfig:
    authentication = AuthenticationInfo(scheme=config.scheme) if config.scheme else None
    return TaskPushNotificationConfig(
        id=config.config_id, task_id=config.task_id, url=config.url, authentication=authentication
    )
