"""Adds to ministack's IAM what the policies of this stack need, and what ministack 1.5.33 does not know.

dynamodb:LeadingKeys          the partition keys that a call names (DynamoDB guide, "Using IAM policy conditions for
                              fine-grained access control"). ministack checks each part of a transaction as a call
                              of its own; each gets the key of its own item.
kms:EncryptionContext:NAME    the encryption context (KMS guide, "Condition keys for AWS KMS")
aws:SecureTransport           always true: on AWS these calls use TLS, here they stay on this machine
sqs:SendMessage               also allows SendMessageBatch (SQS guide, "Amazon SQS API permissions"); others too
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from local.emulator.patching import wrap

type Body = dict[str, Any]
type Context = dict[str, Any]
type ContextOf = Callable[[str, str, bytes, Any], Context]
type Check = tuple[str, str]
type ChecksOf = Callable[[str, bytes, str, str], list[Check]]
type Enforce = Callable[..., Any]

LEADING_KEYS = "dynamodb:LeadingKeys"
_BATCHES = re.compile(r"sqs:(\w+)batch", re.IGNORECASE)


class PartOfTransaction(str):
    """The ARN of a table, with the leading keys of one part of a transaction on it."""

    leading_keys: list[str]


def install(actions: ModuleType, evaluator: ModuleType) -> None:
    """Patches ministack's IAM. Raises EmulatorChangedError if ministack's source has changed."""
    wrap(actions, "request_tag_context", "if iam_action.split", with_condition_keys)
    wrap(actions, "dynamodb_transaction_checks", "checks.append((action, _dynamodb_table_arn", with_leading_keys)
    wrap(actions, "extract_iam_action", "action_name = _action_from_target(headers)", without_batches)
    wrap(evaluator, "pin_request_origin", "_request_origin.set((source_ip, secure_transport))", always_secure)
    wrap(evaluator, "enforce", "for key, value in (service_context or {}).items()", with_keys_of_part)


def with_condition_keys(context_of: ContextOf) -> ContextOf:
    def context_with_condition_keys(service: str, action: str, body: bytes, parameters: Any) -> Context:  # noqa: ANN401
        return {**context_of(service, action, body, parameters), **condition_keys(service, body)}

    return context_with_condition_keys


def without_batches(action_of: Callable[..., str | None]) -> Callable[..., str | None]:
    def action_without_batch(*request: Any) -> str | None:  # noqa: ANN401
        action = action_of(*request)
        return _BATCHES.sub(r"sqs:\1", action) if action else action

    return action_without_batch


def always_secure(pin: Callable[[str, bool], None]) -> Callable[[str, bool], None]:
    return lambda address, _is_secure: pin(address, True)  # noqa: FBT003 - the signature is of ministack


def with_leading_keys(checks_of: ChecksOf) -> ChecksOf:
    def checks_with_leading_keys(action: str, body: bytes, region: str, account: str) -> list[Check]:
        checks = checks_of(action, body, region, account)
        parts = [part for item in json.loads(body)["TransactItems"] for part in item.values()] if checks else []
        return [(part_action, _part(arn, part)) for (part_action, arn), part in zip(checks, parts, strict=True)]

    return checks_with_leading_keys


def with_keys_of_part(enforce: Enforce) -> Enforce:
    def enforce_part(*given: Any, resource_arn: str = "*", service_context: Context | None = None) -> Any:  # noqa: ANN401
        if isinstance(resource_arn, PartOfTransaction):
            service_context = {**(service_context or {}), LEADING_KEYS: resource_arn.leading_keys}
        return enforce(*given, resource_arn=resource_arn, service_context=service_context)

    return enforce_part


def condition_keys(service: str, body: bytes) -> Context:
    """The condition keys of a request with a JSON body. Empty for other services and for other bodies."""
    if service not in {"dynamodb", "kms"}:
        return {}
    try:
        request: Body = json.loads(body)
    except ValueError:
        return {}
    if service == "dynamodb":
        keys = leading_keys(request)
        return {LEADING_KEYS: keys} if keys else {}
    context = request.get("EncryptionContext") or {}
    names = {"kms:EncryptionContextKeys": list(context)} if context else {}
    return {**names, **{f"kms:EncryptionContext:{name}": value for name, value in context.items()}}


def leading_keys(request: Body) -> list[str]:
    """The values of the attribute `pk` that a call or a part of a transaction names."""
    batches = (request.get("RequestItems") or {}).values()
    named = [request.get("Key"), request.get("Item"), *(key for batch in batches for key in _keys_of(batch))]
    queried = (request.get("ExpressionAttributeValues") or {}).get(":pk")
    return [*_values(item["pk"] for item in named if item and "pk" in item), *_values([queried] if queried else [])]


def _keys_of(batch: Any) -> list[Body]:  # noqa: ANN401 - of a table: {"Keys": …} to read, or a list of writes
    if isinstance(batch, dict):
        return list(batch.get("Keys", []))
    writes = [next(iter(write.values())) for write in batch]
    return [write.get("Key") or write.get("Item") for write in writes]


def _values(attributes: Iterable[Body]) -> list[str]:
    return [str(attribute["S"]) for attribute in attributes if "S" in attribute]


def _part(arn: str, part: Body) -> PartOfTransaction:
    checked = PartOfTransaction(arn)
    checked.leading_keys = leading_keys(part)
    return checked
