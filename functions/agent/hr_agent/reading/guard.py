"""Whatever a reader says, only what the caller literally wrote goes on."""

from hr_agent.reading.reading import Intent, QuestionReader, Reading
from hr_agent.reading.subjects import addresses, employee_ids


async def understand(text: str, reader: QuestionReader) -> Reading:
    """The reader's reading, held against the text.

    An address, id or name that does not stand in the text is dropped. Two addresses are two people, whatever the
    reader makes of them, so that nobody can hide one behind another.
    """
    reading = await reader.read(text)
    emails, ids = addresses(text), employee_ids(text)
    if reading.intent is not Intent.EMPLOYMENT_STATUS:
        return Reading(intent=reading.intent)
    if len(emails) > 1 or len(ids) > 1:
        return Reading(intent=Intent.SEVERAL_PEOPLE)
    employee_id = _literal(reading.employee_id, ids)
    return Reading(
        intent=Intent.EMPLOYMENT_STATUS,
        name=_literal_name(reading.name, text),
        email=None if employee_id else _literal(reading.email, emails),
        employee_id=employee_id,
    )


def _literal(claimed: str | None, found: list[str]) -> str | None:
    return next((word for word in found if claimed and word.casefold() == claimed.strip().casefold()), None)


def _literal_name(claimed: str | None, text: str) -> str | None:
    name = " ".join((claimed or "").split())
    return name if name and name.casefold() in " ".join(text.split()).casefold() else None
