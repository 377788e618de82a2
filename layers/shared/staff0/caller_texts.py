"""The one rule for texts that a caller chooses: which characters every later station can carry.

Ids, questions and credentials travel through JSON, DynamoDB, SQS, KMS, HTTP headers, logs and the state machine's
input. The strictest rule for characters is SQS's: those of XML 1.0 (https://www.w3.org/TR/xml/#charsets). A text with
any other character is refused where it comes in, because a later station would refuse it again and again.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

MAX_ID_BYTES: Final = 128  # ids become part of a DynamoDB key
# Named one by one: the complement of the supported ranges takes ten times as long to compile.
_UNSUPPORTED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_supported_text(text: str) -> bool:
    """Whether each character of the text is one of XML 1.0."""
    return _UNSUPPORTED.search(text) is None


def has_supported_texts(message: Message) -> bool:
    """Whether all texts of a protobuf message are supported, metadata and the keys of maps included."""
    return all(map(is_supported_text, _texts(message)))


def _texts(message: Message) -> Iterator[str]:
    pending: list[Any] = [message]
    while pending:  # a loop, because metadata may be nested deeper than Python's stack
        value = pending.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, Message):
            pending.extend(_values(value))


def _values(message: Message) -> Iterator[object]:
    for field, value in message.ListFields():
        if _is_map(field):
            for key in value:
                yield from (key, value[key])
        elif field.is_repeated:
            yield from value
        else:
            yield value


def _is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and bool(field.message_type.GetOptions().map_entry)
