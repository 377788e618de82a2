"""IAM with the condition keys that the roles in template.yaml use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.emulator.limited_role import Limited

ALLOWED: Final[dict[str, Callable[[Limited], Any]]] = {
    "an item of its kind": lambda limited: limited.put("TASK#1"),
    "a query of its kind": lambda limited: limited.query("TASK#1"),
    "a transaction, each part on its kind": lambda limited: limited.transact("TASK#2", "LIST#2"),
    "a context with a task id": lambda limited: limited.encrypt({"task_id": "1"}),
    "a batch of messages": lambda limited: limited.sqs.send_message_batch(
        QueueUrl=limited.queue, Entries=[{"Id": "1", "MessageBody": "x"}]
    ),
}
DENIED: Final[dict[str, Callable[[Limited], Any]]] = {
    "an item of another kind": lambda limited: limited.put("COUNT#1"),
    "a query of another kind": lambda limited: limited.query("COUNT#1"),
    "a transaction with a part on another kind": lambda limited: limited.transact("TASK#2", "TASK#1"),
    "a scan": lambda limited: limited.dynamodb.scan(TableName="limited"),
    "no context": lambda limited: limited.encrypt({}),
    "a context without a task id": lambda limited: limited.encrypt({"owner": "1"}),
    "another action": lambda limited: limited.sqs.purge_queue(QueueUrl=limited.queue),
}


@pytest.mark.parametrize("call", ALLOWED.values(), ids=ALLOWED)
def test_role_allows(limited: Limited, call: Callable[[Limited], Any]) -> None:
    assert call(limited)["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize("call", DENIED.values(), ids=DENIED)
def test_role_does_not_allow(limited: Limited, call: Callable[[Limited], Any]) -> None:
    with pytest.raises(ClientError) as refused:
        call(limited)
    assert refused.value.response["Error"]["Code"] in {"AccessDenied", "AccessDeniedException"}
