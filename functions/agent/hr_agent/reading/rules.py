"""Reads the question without a model, by rules."""

import re
from typing import Final

from hr_agent.reading.reading import Intent, Reading
from hr_agent.reading.subjects import addresses, employee_ids, without_subjects

_WORD: Final = r"[^\W\d_]+(?:['\u2019.-][^\W\d_]+)*"
_EMPLOYMENT: Final = re.compile(
    r"\b(works?|worked|working|employ\w*|staff member|member of staff|on (?:the )?(?:staff|payroll)|colleague|"
    r"still (?:at|with)|verif\w+|confirm\w*|active)\b",
    re.IGNORECASE,
)
# This agent confirms an employment and nothing else about anybody.
_OTHER_SUBJECT: Final = re.compile(
    r"\b(salar\w+|wages?|pay|paid|earns?|compensation|bonus|title|position|roles?|department|managers?|boss|phone|mobile|"
    r"home address|where does|birthday|born|age|vacation|holidays?|sick\w*|on leave|performance|reviews?|passwords?|"
    r"ssn|social security|since when|start(?:ed)? date|how long|weather|jokes?|poem|ignore|instructions?|system prompt|"
    r"approve|bypass|pretend)\b",
    re.IGNORECASE,
)
# fmt: off
_NOT_A_NAME: Final = frozenset({
    "a", "about", "active", "address", "an", "and", "are", "at", "can", "check", "confirm", "could", "did", "do",
    "does", "dr", "email", "e-mail", "employed", "employee", "employees", "employment", "for", "from", "good",
    "has", "have", "he", "hello", "hey", "hi", "hr", "i", "id", "if", "in", "is", "it", "kindly", "me", "mr",
    "mrs", "ms", "my", "named", "now", "of", "on", "or", "person", "please", "she", "somebody", "someone",
    "staff", "status", "still", "tell", "that", "the", "their", "there", "they", "this", "to", "us", "verify",
    "want", "was", "we", "whether", "who", "with", "work", "working", "works", "would", "you", "your",
})
# fmt: on
_NAMED: Final = re.compile(rf"((?:{_WORD}\s+){{1,5}})(?=(?:with|using|whose|under|at|has|\()|[,(<])", re.IGNORECASE)
_CAPITALISED: Final = re.compile(rf"{_WORD}(?:[ \t]+{_WORD})*")


class RuleReader:
    """Knows the common wordings of the one question this agent answers."""

    async def read(self, text: str) -> Reading:
        rest = without_subjects(text)
        emails, ids = addresses(text), employee_ids(text)
        if len(emails) > 1 or len(ids) > 1:
            return Reading(intent=Intent.SEVERAL_PEOPLE)
        name = _name(rest)
        is_bare = bool(emails or ids) and not re.search(r"\w", rest.replace(name or "\0", " "))
        if _OTHER_SUBJECT.search(rest) or not (is_bare or _EMPLOYMENT.search(rest)):
            return Reading(intent=Intent.OTHER)
        return Reading(
            intent=Intent.EMPLOYMENT_STATUS,
            name=name,
            email=emails[0] if emails else None,
            employee_id=ids[0] if ids else None,
        )


def _name(text: str) -> str | None:
    """Two or more capitalised words in a row; else what stands right before "with email" and the like."""
    runs = [_trimmed(run.split()) for run in _CAPITALISED.findall(text)]
    capitalised = [list(part) for run in runs for part in _capitalised_parts(run)]
    long = [part for part in capitalised if len(part) > 1]
    if long:
        return " ".join(long[0])
    before = [_trimmed(match.split()) for match in _NAMED.findall(text)]
    named = [words for words in before if words and not any(word.casefold() in _NOT_A_NAME for word in words)]
    return " ".join(named[0]) if named else None


def _capitalised_parts(words: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for word in words:
        if word[0].isupper() and word.casefold() not in _NOT_A_NAME:
            parts[-1].append(word)
        else:
            parts.append([])
    return [part for part in parts if part]


def _trimmed(words: list[str]) -> list[str]:
    """Without the words around a name that are never part of one."""
    while words and words[0].casefold().strip(".") in _NOT_A_NAME:
        words = words[1:]
    while words and words[-1].casefold().strip(".") in _NOT_A_NAME:
        words = words[:-1]
    return words
