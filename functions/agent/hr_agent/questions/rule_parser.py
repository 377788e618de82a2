"""Reads the question without a model, by rules."""

import re
from typing import Final

from hr_agent.questions.identifiers import addresses, employee_ids, without_subjects
from hr_agent.questions.parsed_question import Intent, ParsedQuestion
from hr_agent.questions.person_names import AROUND, SUBJECT, name_in, names_two

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
# Asks for a list, not for a person.
_MANY: Final = re.compile(
    r"(?:^|[.?!]\s*)who (?:all |else )?works?\b|"
    r"\b(everyone|everybody|(?:all|every|which|how many|list of)\b.{0,20}\bemployees?)\b",
    re.IGNORECASE,
)


class RuleParser:
    """Knows the common wordings of the one question this agent answers."""

    async def read(self, text: str) -> ParsedQuestion:
        rest = without_subjects(text, SUBJECT)
        emails, ids = addresses(text), employee_ids(text)
        name = name_in(rest)
        if _OTHER_SUBJECT.search(rest) or not (_EMPLOYMENT.search(rest) or _is_bare(rest, name)):
            return ParsedQuestion(intent=Intent.OTHER)
        if len(emails) + len(ids) > 1 or names_two(rest) or _MANY.search(rest):
            return ParsedQuestion(intent=Intent.SEVERAL_PEOPLE)
        return ParsedQuestion(
            intent=Intent.EMPLOYMENT_STATUS,
            name=name,
            email=emails[0] if emails else None,
            employee_id=ids[0] if ids else None,
        )


def _is_bare(rest: str, name: str | None) -> bool:
    """Nothing is said but who it is about: that is the question, too."""
    words = re.findall(r"[^\W_]+", rest.replace(name or SUBJECT, " "))
    return SUBJECT in rest and all(word.casefold() in AROUND for word in words)
