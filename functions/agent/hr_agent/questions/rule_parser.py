"""Parses a question by rules, without a language model."""

import re
from typing import Final

from staff0.skills import Skills

from hr_agent.questions.identifiers import email_addresses, employee_ids, replace_subjects
from hr_agent.questions.parsed_question import Intent, ParsedQuestion
from hr_agent.questions.person_names import find_name, has_only_subject, has_two_names, mark_skill_words
from hr_agent.questions.tokens import SUBJECT

# The agent says nothing of this about a person, apart from what a skill asks in these words.
_OTHER_SUBJECT: Final = re.compile(
    r"\b(salar\w+|wages?|pay|paid|earns?|compensation|bonus|department|managers?|boss|phone|mobile|"
    r"home address|where does|birthday|born|age|vacation|holidays?|sick\w*|on leave|performance|reviews?|passwords?|"
    r"ssn|social security|weather|jokes?|poem|ignore|instructions?|system prompt|"
    r"approve|bypass|pretend)\b",
    re.IGNORECASE,
)
# Asks for a list, not for one person.
_SEVERAL: Final = re.compile(
    r"(?:^|[.?!]\s*)who (?:all |else )?works?\b|"
    r"\b(everyone|everybody|which (?:of )?(?:the |your )?employees?|"
    r"(?:all|every|how many|list of)\b.{0,20}\bemployees?)\b",
    re.IGNORECASE,
)


def asks_about_other_subject(text: str, skills: Skills) -> bool:
    """Whether the text asks for something else than the skills, such as a salary."""
    return _OTHER_SUBJECT.search(skills.replace_wording(replace_subjects(text, SUBJECT), " ")) is not None


def asked_skills(text: str, skills: Skills) -> tuple[str, ...]:
    """The ids of the skills that the text asks for."""
    return tuple(skill.id for skill in skills.asked_for(replace_subjects(text, SUBJECT)))


class RuleParser:
    """Knows the common wordings of the skills."""

    def __init__(self, skills: Skills) -> None:
        self.skills = skills

    async def parse(self, text: str) -> ParsedQuestion:
        rest = replace_subjects(text, SUBJECT)
        emails, ids = email_addresses(text), employee_ids(text)
        asked = asked_skills(text, self.skills)
        is_about_person = bool(asked) or has_only_subject(rest)
        if is_about_person and len(emails) + len(ids) > 1:  # the words of a signature tell no other subject
            return ParsedQuestion(intent=Intent.SEVERAL_PEOPLE, skills=asked)
        if asks_about_other_subject(text, self.skills) or not is_about_person:
            return ParsedQuestion(intent=Intent.OTHER)
        marked = mark_skill_words(rest, self.skills)
        if has_two_names(marked) or _SEVERAL.search(rest):
            return ParsedQuestion(intent=Intent.SEVERAL_PEOPLE, skills=asked)
        return ParsedQuestion(
            intent=Intent.ONE_PERSON,
            skills=asked,
            name=find_name(marked),
            email=emails[0] if emails else None,
            employee_id=ids[0] if ids else None,
        )
