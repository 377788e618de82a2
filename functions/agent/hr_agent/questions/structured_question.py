"""Reads a question as data (hr_agent.question_schema), and checks that a text beside it says the same."""

from copy import replace
from typing import Annotated

import msgspec
from msgspec import Meta
from staff0.skills import Skills

from hr_agent.question_schema import EXTENSION, MAX_NAME_CHARACTERS
from hr_agent.questions.identifiers import email_addresses, employee_ids, has_unreadable_address
from hr_agent.questions.parsed_question import Intent, ParsedQuestion
from hr_agent.questions.person_names import name_of
from hr_agent.questions.rule_parser import asked_skills, asks_about_other_subject


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same rules as the schema, apart from the ids of the skills."""

    name: Annotated[str, Meta(pattern=r"\S", max_length=MAX_NAME_CHARACTERS)] | None = None
    email: str | None = None
    employee_id: str | None = None
    skill: str | None = None

    @property
    def has_one_identifier(self) -> bool:
        """Whether exactly one whole e-mail address or employee id is given."""
        given = [text for text in (self.email, self.employee_id) if text is not None]
        whole = email_addresses(self.email or "") + employee_ids(self.employee_id or "")
        return len(given) == 1 and given == whole


def parse_data(data: object, skills: Skills) -> ParsedQuestion:
    """The question of a data part. Raises ValueError, whose message may be shown to the caller."""
    try:
        given = msgspec.convert(data, _Data)
    except msgspec.ValidationError:
        raise _invalid_data() from None
    if not given.has_one_identifier or (given.skill is not None and given.skill not in skills):
        raise _invalid_data()
    return ParsedQuestion(
        intent=Intent.ONE_PERSON,
        skills=(given.skill,) if given.skill else (),
        name=" ".join(given.name.split()) if given.name else None,
        email=given.email,
        employee_id=given.employee_id,
    )


def with_text(question: ParsedQuestion, text: str, skills: Skills) -> ParsedQuestion:
    """The question of a data part that stands beside a text; rules read the text.

    Raises ValueError if the text names another address or name, or asks another question. Its message may be shown to
    the caller.
    """
    if asks_about_other_subject(text, skills):
        return ParsedQuestion(intent=Intent.OTHER)
    subject = question.subject or ""
    named = {word.casefold() for word in email_addresses(text) + employee_ids(text)}
    if has_unreadable_address(text) or not named <= {subject.casefold()}:
        raise ValueError("The text and the data name different addresses.")
    name = name_of(subject, text, skills)
    if name and question.name and _words(name) != _words(question.name):
        raise ValueError("The text and the data name different people.")
    return replace(question, name=question.name or name, skills=_skills(question, text, skills))


def _invalid_data() -> ValueError:
    return ValueError(f"The data is not of the schema of {EXTENSION}, which is on the agent card.")


def _skills(question: ParsedQuestion, text: str, skills: Skills) -> tuple[str, ...]:
    """The skill of the data, else those of the text. Raises ValueError if the answer is not one to the text."""
    asked = asked_skills(text, skills)
    for given in map(skills.get, question.skills):
        if asked and not any(given.includes(skills.get(skill_id)) for skill_id in asked):
            raise ValueError("The text and the data ask different questions.")
    return question.skills or asked


def _words(name: str) -> list[str]:
    return sorted(name.casefold().split())
