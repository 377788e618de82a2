"""Parses a question by rules, without a language model."""

import re
from typing import Final

from hr_agent.questions.identifiers import email_addresses, employee_ids, replace_subjects
from hr_agent.questions.parsed_question import Intent, ParsedQuestion
from hr_agent.questions.person_names import find_name, has_only_subject, has_two_names
from hr_agent.questions.tokens import SUBJECT

_EMPLOYMENT: Final = re.compile(
    r"\b(works?|worked|working|employ\w*|staff member|member of staff|on (?:the )?(?:staff|payroll)|colleague|"
    r"still (?:at|with)|verif\w+|confirm\w*|active)\b",
    re.IGNORECASE,
)
# The agent confirms an employment and says nothing else about a person.
_OTHER_SUBJECT: Final = re.compile(
    r"\b(salar\w+|wages?|pay|paid|earns?|compensation|bonus|title|position|roles?|department|managers?|boss|phone|mobile|"
    r"home address|where does|birthday|born|age|vacation|holidays?|sick\w*|on leave|performance|reviews?|passwords?|"
    r"ssn|social security|since when|start(?:ed)? date|how long|weather|jokes?|poem|ignore|instructions?|system prompt|"
    r"approve|bypass|pretend)\b",
    re.IGNORECASE,
)
# Asks for a list, not for one person.
_SEVERAL: Final = re.compile(
    r"(?:^|[.?!]\s*)who (?:all |else )?works?\b|"
    r"\b(everyone|everybody|(?:all|every|which|how many|list of)\b.{0,20}\bemployees?)\b",
    re.IGNORECASE,
)


def asks_about_other_subject(text: str) -> bool:
    """Whether the text asks for something else than an employment, such as a salary."""
    return _OTHER_SUBJECT.search(replace_subjects(text, SUBJECT)) is not None


class RuleParser:
    """Knows the common wordings of the one question that this agent answers."""

    async def parse(self, text: str) -> ParsedQuestion:
        rest = replace_subjects(text, SUBJECT)
        emails, ids = email_addresses(text), employee_ids(text)
        asks_for_employment = bool(_EMPLOYMENT.search(rest)) or has_only_subject(rest)
        if asks_for_employment and len(emails) + len(ids) > 1:  # the words of a signature tell no other subject
            return ParsedQuestion(intent=Intent.SEVERAL_PEOPLE)
        if _OTHER_SUBJECT.search(rest) or not asks_for_employment:
            return ParsedQuestion(intent=Intent.OTHER)
        if has_two_names(rest) or _SEVERAL.search(rest):
            return ParsedQuestion(intent=Intent.SEVERAL_PEOPLE)
        return ParsedQuestion(
            intent=Intent.EMPLOYMENT_STATUS,
            name=find_name(rest),
            email=emails[0] if emails else None,
            employee_id=ids[0] if ids else None,
        )
