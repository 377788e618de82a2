"""Rejects misspelt names in JSON-RPC params of A2A 0.3, which the SDK's pydantic models drop as unknown.

a2a-sdk 1.3.0, a2a/compat/v0_3/jsonrpc_adapter.py:124: a message with the field `taskID` opened another task.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from a2a.compat.v0_3 import types as v03
from a2a.compat.v0_3.jsonrpc_adapter import JSONRPC03Adapter
from pydantic import BaseModel, RootModel, ValidationError

from hr_agent.protocol.sdk_workarounds.request_params import require_known_spelling


class _GetWebhook(BaseModel):
    """The SDK's model has two types of params, and takes the one without the id of the webhook if that is misspelt."""

    params: v03.GetTaskPushNotificationConfigParams


_TYPES: Final[Mapping[str, type[BaseModel]]] = {
    **JSONRPC03Adapter.METHOD_TO_MODEL,
    "tasks/pushNotificationConfig/get": _GetWebhook,
}


def validate_names(method: str, body: Mapping[str, object]) -> None:
    """Raises InvalidParamsError. A body that does not fit its method is left to the SDK, which rejects it."""
    if method in _TYPES:
        with suppress(ValidationError):
            _validate(body, _TYPES[method].model_validate(body), ())


def _validate(value: object, parsed: object, path: Sequence[str]) -> None:
    if isinstance(parsed, RootModel):
        _validate(value, parsed.root, path)
    elif isinstance(parsed, list) and isinstance(value, list):
        for item, parsed_item in zip(value, parsed, strict=True):
            _validate(item, parsed_item, path)
    elif isinstance(parsed, BaseModel) and isinstance(value, dict):
        _validate_members(value, parsed, path)


def _validate_members(value: Mapping[str, object], parsed: BaseModel, path: Sequence[str]) -> None:
    fields = type(parsed).model_fields
    names = {spelling: name for name, field in fields.items() for spelling in (name, field.alias or name)}
    for member, content in value.items():
        require_known_spelling(member, {spelling: fields[name].alias or name for spelling, name in names.items()}, path)
        if member in names:
            _validate(content, getattr(parsed, names[member]), (*path, member))
