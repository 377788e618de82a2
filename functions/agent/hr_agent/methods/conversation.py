"""The text of a conversation for the parser: bounded, so that a long conversation costs no more than a short one."""

from copy import replace
from typing import Final

from a2a.types import Message, Role, Task
from staff0.skills import Skills

from hr_agent.limits import MAX_TEXT_CHARACTERS
from hr_agent.methods.message_content import MessageContent
from hr_agent.questions.parsed_question import Intent, ParsedQuestion, QuestionParser
from hr_agent.questions.person_names import name_of
from hr_agent.questions.rule_parser import asked_skills
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

    If they name several people, or the newest message has a question as data, that message alone says who is meant. If
    they ask several questions, that message alone says which one is meant.
    """
    together = conversation(task, content.text)
    if content.question:
        return _completed(content.question, asked_skills(together, parser.skills), together, parser.skills)
    parsed = await parse_and_validate(together, parser)
    if len(parsed.skills) > 1:
        newest = await content.parse(parser)
        parsed = replace(parsed, skills=newest.skills or parsed.skills)
    if parsed.intent not in {Intent.SEVERAL_PEOPLE, Intent.SEVERAL_ADDRESSES}:
        return parsed
    chosen = await content.parse(parser)
    if chosen.subject is None:
        return parsed if parsed.intent is Intent.SEVERAL_ADDRESSES else chosen
    return _completed(chosen, parsed.skills, together, parser.skills)


def _completed(chosen: ParsedQuestion, asked: tuple[str, ...], text: str, skills: Skills) -> ParsedQuestion:
    """The question with the skills that were asked for before, and with the name that the text has for its subject."""
    name = chosen.name or (name_of(chosen.subject, text, skills) if chosen.subject else None)
    return replace(chosen, name=name, skills=chosen.skills or asked)


def _earlier_texts(task: Task) -> list[str]:
    """The texts of the caller's first message and the newest ones, in their order."""
    messages = [message for message in task.history if message.role == Role.ROLE_USER]
    newest = messages[1:][-_MAX_EARLIER_MESSAGES:]
    return [_text(message) for message in [*messages[:1], *newest]]


def _text(message: Message) -> str:
    return join_blanks("\n".join(part.text for part in message.parts))[:MAX_TEXT_CHARACTERS]
