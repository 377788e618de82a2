"""What is sent to a webhook: bodies in the protocol its client speaks, and headers by which the receiver knows us."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from google.protobuf.json_format import MessageToJson
from staff0.errors import WebhookRefused
from staff0.tasks import TaskState, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from a2a.types import StreamResponse, Task
    from pydantic import SecretStr
    from staff0.tasks import Event, PushConfig

_A2A_JSON: Final = "application/a2a+json"
_FIELD_VALUE: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")  # RFC 9110 5.5


@dataclass(frozen=True)
class Body:
    content: bytes
    media_type: str


def bodies(updates: Iterable[StreamResponse]) -> list[Body]:
    """One StreamResponse each, in their order (A2A 4.3.3)."""
    return [Body(MessageToJson(update, indent=None).encode(), _A2A_JSON) for update in updates]


def as_it_was(task: Task, event: Event) -> Task:
    """The task at the time of an event, as far as it is told: its status, and its artifacts once it had them."""
    then = snapshot(task, event.sequence)
    for update in event.updates:
        if update.HasField("task"):
            return update.task
        if update.HasField("status_update"):
            then.status.CopyFrom(update.status_update.status)
    if event.state is not TaskState.COMPLETED:
        del then.artifacts[:]
    return then


def body_0_3(task: Task) -> Body:
    """The whole task, as clients of A2A 0.3 expect it."""
    from a2a.compat.v0_3.conversions import to_compat_task  # slow to load, and only for old clients

    content = to_compat_task(task).model_dump_json(by_alias=True, exclude_none=True)
    return Body(content.encode(), "application/json")


def headers(config: PushConfig, secret: SecretStr | None) -> dict[str, str]:
    """A2A 4.3.3 and 13.2. Raises WebhookRefused for what would not stay one header."""
    found = {"User-Agent": "staff0-hr-agent", "Accept": "*/*"}
    if secret is not None:
        known_by = json.loads(secret.get_secret_value())
        if known_by["token"]:
            found["X-A2A-Notification-Token"] = known_by["token"]
        if config.scheme:
            found["Authorization"] = f"{config.scheme} {known_by['credentials']}".strip()
    if not all(map(_FIELD_VALUE.fullmatch, found.values())):
        raise WebhookRefused("the token or the credentials are no header values")
    return found
