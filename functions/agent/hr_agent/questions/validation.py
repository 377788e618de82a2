"""Validates a parsed question against the text: only what the caller literally wrote is kept."""

import re
from collections.abc import Iterable

from staff0.skills import Skills

from hr_agent.question_schema import MAX_NAME_CHARACTERS
from hr_agent.questions.identifiers import email_addresses, employee_ids, has_unreadable_address
from hr_agent.questions.parsed_question import Intent, ParsedQuestion, QuestionParser
from hr_agent.questions.person_names import begins_sentences_only


async def parse_and_validate(text: str, parser: QuestionParser) -> ParsedQuestion:
    """The parser's result without any address, id or name that the text does not contain, and without unknown skills.

    If the text has several addresses or ids, the caller says which one is meant: neither the parser nor this code
    chooses. If it has an address that cannot be read, no identifier counts.
    """
    text = join_blanks(text)
    parsed = await parser.parse(text)
    emails, ids = email_addresses(text), employee_ids(text)
    asked = _known(parsed.skills, parser.skills)
    if parsed.intent is Intent.OTHER or (parsed.skills and not asked):
        return ParsedQuestion(intent=Intent.OTHER)
    if len(emails) + len(ids) > 1:
        return ParsedQuestion(intent=Intent.SEVERAL_ADDRESSES, skills=asked)
    if parsed.intent is not Intent.ONE_PERSON:
        return ParsedQuestion(intent=parsed.intent, skills=asked)
    name = _literal_name(parsed.name, text)
    if has_unreadable_address(text):
        return ParsedQuestion(intent=Intent.ONE_PERSON, skills=asked, name=name)
    return ParsedQuestion(
        intent=Intent.ONE_PERSON,
        skills=asked,
        name=name,
        email=_literal(parsed.email, emails),
        employee_id=_literal(parsed.employee_id, ids),
    )


def join_blanks(text: str) -> str:
    """The text with one space or one line end in the place of each sequence of blanks."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _known(claimed: Iterable[str], skills: Skills) -> tuple[str, ...]:
    """The ids of the claimed skills without unknown ones and those that another of them includes."""
    known = (skills.get(skill_id) for skill_id in claimed if skill_id in skills)
    return tuple(skill.id for skill in skills.without_included(known))


def _literal(claimed: str | None, found: list[str]) -> str | None:
    """The claimed identifier in the text's spelling; None if the text does not contain it."""
    return next((word for word in found if claimed and word.casefold() == claimed.strip().casefold()), None)


def _literal_name(claimed: str | None, text: str) -> str | None:
    """The claimed name if the text contains it as whole words, with any blanks between them.

    None if its first word may be the first of the sentence instead, as in "May John Doe …".
    """
    name = " ".join((claimed or "").split())
    if not name or len(name) > MAX_NAME_CHARACTERS:
        return None
    whole_words = rf"(?<!\w){re.escape(name)}(?!\w)"
    is_literal = re.search(whole_words, " ".join(text.split()), re.IGNORECASE)
    return name if is_literal and not begins_sentences_only(name, text) else None
