"""Validates a message before its question is parsed."""

import hashlib

from a2a.types import Message, Role, SendMessageRequest, StreamResponse, Task
from a2a.utils.errors import ContentTypeNotSupportedError, InvalidParamsError
from google.protobuf.message import Error as ProtobufError
from google.protobuf.message import Message as ProtobufMessage
from staff0.caller_texts import MAX_ID_BYTES, has_supported_texts
from staff0.skills import Skills
from staff0.tasks import MessageKey

from hr_agent.http.media_types import OUTPUT_MODES, accepts_output
from hr_agent.limits import MAX_MESSAGE_BYTES
from hr_agent.methods.message_content import MessageContent, read_content


def validated_content(params: SendMessageRequest, skills: Skills) -> MessageContent:
    """The content of the message. Raises InvalidParamsError, ContentTypeNotSupportedError."""
    message, configuration = params.message, params.configuration
    if configuration.accepted_output_modes and not accepts_output(configuration.accepted_output_modes):
        raise ContentTypeNotSupportedError(message=f"This agent answers {', '.join(OUTPUT_MODES)}.")
    if message.role != Role.ROLE_USER:
        raise InvalidParamsError(message="The message's role must be ROLE_USER.")
    if any(len(id_.encode()) > MAX_ID_BYTES for id_ in (message.message_id, message.context_id, message.task_id)):
        raise InvalidParamsError(message=f"Ids are at most {MAX_ID_BYTES} bytes long.")
    _check_size(message)
    require_supported_texts(params)
    return read_content(message, skills)


def _check_size(message: Message) -> None:
    """Rejects a message that cannot be stored, or that cannot be read back from its task or its event."""
    size = message.ByteSize()
    if size > MAX_MESSAGE_BYTES:
        raise InvalidParamsError(
            message=f"The message is too large: as protobuf it has {size} bytes, of at most {MAX_MESSAGE_BYTES}. "
            f"Its largest field is {_largest_field(message)}."
        )
    try:
        StreamResponse.FromString(StreamResponse(task=Task(history=[message])).SerializeToString())
    except ProtobufError:  # protobuf reads 100 levels, and each level of metadata takes three
        raise InvalidParamsError(message="The message's metadata is nested too deeply.") from None


def _largest_field(message: Message) -> str:
    return max((field.name for field, _ in message.ListFields()), key=lambda name: _field_size(message, name))


def _field_size(message: Message, name: str) -> int:
    without = Message()
    without.CopyFrom(message)
    without.ClearField(name)
    return message.ByteSize() - without.ByteSize()


def require_supported_texts(params: ProtobufMessage) -> None:
    """Raises InvalidParamsError for a text that a later station, such as the queue of webhooks, cannot carry."""
    if not has_supported_texts(params):
        raise InvalidParamsError(message="A text has a character that XML 1.0 does not allow, such as U+0000.")


def message_key(message: Message) -> MessageKey:
    """The key under which a message is stored once: equal for a resent message, not for a reused id."""
    digest = hashlib.sha256(message.SerializeToString(deterministic=True)).hexdigest()
    return MessageKey(message.message_id, digest)
