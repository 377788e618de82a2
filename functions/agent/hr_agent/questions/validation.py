"""Whatever a reader says, only what the caller literally wrote goes on."""

import re

from hr_agent.questions.identifiers import addresses, employee_ids, has_unreadable_address
from hr_agent.questions.parsed_question import Intent, ParsedQuestion, QuestionParser


async def parse_and_validate(text: str, reader: QuestionParser) -> ParsedQuestion:
    """The reader's reading, held against the text.

    An address, id or name that does not stand in the text is dropped. Two addresses, or an address and an id, are two
    people, whatever the reader makes of them, so that nobody can hide one behind another; and beside one that cannot be
    read none counts.
    """
    reading = await reader.read(text)
    emails, ids = addresses(text), employee_ids(text)
    if reading.intent is not Intent.EMPLOYMENT_STATUS:
        return ParsedQuestion(intent=reading.intent)
    if len(emails) + len(ids) > 1:
        return ParsedQuestion(intent=Intent.SEVERAL_PEOPLE)
    name = _literal_name(reading.name, text)
    if has_unreadable_address(text):
        return ParsedQuestion(intent=Intent.EMPLOYMENT_STATUS, name=name)
    return ParsedQuestion(
        intent=Intent.EMPLOYMENT_STATUS,
        name=name,
        email=_literal(reading.email, emails),
        employee_id=_literal(reading.employee_id, ids),
    )


def _literal(claimed: str | None, found: list[str]) -> str | None:
    return next((word for word in found if claimed and word.casefold() == claimed.strip().casefold()), None)


def _literal_name(claimed: str | None, text: str) -> str | None:
    name = " ".join((claimed or "").split())
    whole = rf"(?<!\w){re.escape(name)}(?!\w)"
    return name if name and re.search(whole, " ".join(text.split()), re.IGNORECASE) else None
