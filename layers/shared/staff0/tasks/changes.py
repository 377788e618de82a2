"""What the table's stream tells: which item was written, by its keys alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_TASK: Final = re.compile(r"TASK#(?P<task_id>.+)", re.DOTALL)
_EVENT: Final = re.compile(r"EVENT#(?P<sequence>\d+)")
_PUSH: Final = re.compile(r"PUSH#(?P<config_id>.+)", re.DOTALL)


@dataclass(frozen=True)
class TaskWritten:
    """A task has got an event."""

    task_id: str
    sequence: int


@dataclass(frozen=True)
class WebhookWritten:
    """A webhook was registered, or changed."""

    task_id: str
    config_id: str


def read_change(keys: Mapping[str, Any]) -> TaskWritten | WebhookWritten | None:
    """`keys` as a stream record has them. None for any other item."""
    pk, sk = (str(keys.get(name, {}).get("S", "")) for name in ("pk", "sk"))
    task = _TASK.fullmatch(pk)
    if task and (event := _EVENT.fullmatch(sk)):
        return TaskWritten(task["task_id"], int(event["sequence"]))
    if task and (push := _PUSH.fullmatch(sk)):
        return WebhookWritten(task["task_id"], push["config_id"])
    return None
