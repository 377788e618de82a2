"""The size of a message in a Lambda response."""

import json

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message


def response_bytes(message: Message) -> int:
    """At most as many bytes as the message takes: as the SDK serializes it, then as a text in Lambda's JSON.

    Lambda's runtime encodes the body again, so a control character takes seven bytes. It leaves most other characters
    as they are; here each of them counts as an escape sequence, which is never shorter.
    """
    content = MessageToDict(message, always_print_fields_with_no_presence=True)
    return len(json.dumps(json.dumps(content, ensure_ascii=False)))
