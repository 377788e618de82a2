"""Queue the undelivered webhook notifications again, once their receivers are well.

Each gets all its attempts again. A notification may come twice: receivers know it by its delivery id.
"""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

    from operations.deployed_stack import Stack

_GROUP: Final = "MessageGroupId"  # the caller, so that SQS goes on serving all callers evenly
_HIDDEN_SECONDS: Final = 30


def add_parser(parsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    parser: ArgumentParser = parsers.add_parser(
        "redrive", help="queue the undelivered notifications again", description=__doc__
    )
    parser.set_defaults(run=_run)


def _run(stack: Stack, _arguments: Namespace) -> None:
    sqs = stack.client("sqs")
    moved = _move_all(sqs, stack.output("UndeliveredQueueUrl"), stack.output("DeliveriesQueueUrl"))
    print(f"Notifications queued again: {moved}.")


def _move_all(sqs: SQSClient, source: str, destination: str) -> int:
    """Moves each message that is there once, and returns how many. One that fails at once and comes back stays."""
    seen: set[str] = set()
    while messages := _receive(sqs, source):
        if seen.issuperset(message["Body"] for message in messages):
            break
        for message in messages:
            seen.add(message["Body"])
            # First sent, then deleted: after a crash between the two the message is in both queues, not in none.
            sqs.send_message(QueueUrl=destination, MessageBody=message["Body"], **_group_of(message))
            sqs.delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])
    return len(seen)


def _receive(sqs: SQSClient, queue: str) -> list[MessageTypeDef]:
    answer = sqs.receive_message(
        QueueUrl=queue,
        MaxNumberOfMessages=10,
        MessageSystemAttributeNames=[_GROUP],
        VisibilityTimeout=_HIDDEN_SECONDS,
        WaitTimeSeconds=1,  # looks at all servers of the queue, not at some
    )
    return answer.get("Messages", [])


def _group_of(message: MessageTypeDef) -> Any:  # noqa: ANN401 - one optional argument of send_message
    attributes = message.get("Attributes", {})
    return {_GROUP: attributes[_GROUP]} if _GROUP in attributes else {}
