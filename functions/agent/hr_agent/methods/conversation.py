"""The text of a conversation for the parser: bounded, so that a long conversation costs no more than a short one."""

from typing import Final

from a2a.types import Message, Role, Task

from hr_agent.limits import MAX_TEXT_CHARACTERS
from hr_agent.methods.message_content import MessageContent
from hr_agent.questions.parsed_question import Intent, ParsedQuestion, QuestionParser
from hr_agent.questions.person_names import name_of
from hr_agent.questions.validation import join_blanks, parse_and_validate

MAX_CHARACTERS: Final = 3 * MAX_TEXT_CHARACTERS
_MAX_EARLIER_MESSAGES: Final = 10


def conversation(task: Task, text: str) -> str:
    """The caller's first message in the task, the newest ones that fit, and `text`, one after the other.

    The first message has the question. At most MAX_CHARACTERS, which has room for the first message and `text`.
    """
    first, *others = _earlier_texts(task) or [""]
    room = MAX_CHARACTERS - len(first) - len(text) - 1
    kept: list[str] = []
    for other in reversed(others):
        room -= len(other) + 1
        if room < 0:
            break
        kept.append(other)
    return "\n".join([first, *reversed(kept), text])


async def parse_conversation(task: Task, content: MessageContent, parser: QuestionParser) -> ParsedQuestion:
    """The question of the messages together.

    If they name several people, or the newest message has a question as data, that message alone says who is meant.
    """
    together = conversation(task, content.text)
    if content.question:
        return _with_name(content.question, together)
    parsed = await parse_and_validate(together, parser)
    if parsed.intent not in {Intent.SEVERAL_PEOPLE, Intent.SEVERAL_ADDRESSES}:
        return parsed
    chosen = await content.parse(parser)
    if chosen.subject is None:
        return parsed if parsed.intent is Intent.SEVERAL_ADDRESSES else chosen
    return _with_name(chosen, together)


def _with_name(chosen: ParsedQuestion, text: str) -> ParsedQuestion:
    """The question with the name that the text has for its subject."""
    if chosen.name or chosen.subject is None:
        return chosen
    return chosen.model_copy(update={"name": name_of(chosen.subject, text)})


def _earlier_texts(task: Task) -> list[str]:
    """The texts of the caller's first message and the newest ones, in their order."""
    messages = [message for message in task.history if message.role == Role.ROLE_USER]
    newest = messages[1:][-_MAX_EARLIER_MESSAGES:]
    return [_text(message) for message in [*messages[:1], *newest]]


def _text(message: Message) -> str:
    return join_blanks("\n".join(part.text for part in message.parts))[:MAX_TEXT_CHARACTERS]
