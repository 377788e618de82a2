"""Validates a message before its text is parsed."""

import hashlib

from a2a.types import Message, Role, SendMessageRequest
from a2a.utils.errors import ContentTypeNotSupportedError, InvalidParamsError
from staff0.tasks import MessageKey

from hr_agent.limits import MAX_ID_BYTES, MAX_TEXT_CHARACTERS

_OUTPUT_MODES = {"text", "text/plain", "application/json", "*/*"}


def validated_text(params: SendMessageRequest) -> str:
    """The message's text. Raises InvalidParamsError, ContentTypeNotSupportedError."""
    message, configuration = params.message, params.configuration
    if configuration.accepted_output_modes and not _OUTPUT_MODES & set(configuration.accepted_output_modes):
        raise ContentTypeNotSupportedError(message="This agent answers text/plain and application/json.")
    if message.role != Role.ROLE_USER:
        raise InvalidParamsError(message="The message's role must be ROLE_USER.")
    if any(len(id_.encode()) > MAX_ID_BYTES for id_ in (message.message_id, message.context_id, message.task_id)):
        raise InvalidParamsError(message=f"Ids are at most {MAX_ID_BYTES} bytes long.")
    return _text(message)


def _text(message: Message) -> str:
    if any(not part.HasField("text") for part in message.parts):
        raise ContentTypeNotSupportedError(message="This agent reads text parts only.")
    text = "\n".join(part.text for part in message.parts).strip()
    if not text:
        raise InvalidParamsError(message="The message has no text.")
    if len(text) > MAX_TEXT_CHARACTERS:
        raise InvalidParamsError(message=f"A question is at most {MAX_TEXT_CHARACTERS} characters long.")
    return text


def message_key(message: Message) -> MessageKey:
    """The key under which a message is stored once: equal for a resent message, not for a reused id."""
    digest = hashlib.sha256(message.SerializeToString(deterministic=True)).hexdigest()
    return MessageKey(message.message_id, digest)
