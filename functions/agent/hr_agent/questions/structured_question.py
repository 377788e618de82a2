"""Reads a question as data (hr_agent.question_schema), and checks that a text beside it says the same."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from hr_agent.question_schema import EXTENSION, MAX_NAME_CHARACTERS
from hr_agent.questions.identifiers import email_addresses, employee_ids, has_unreadable_address
from hr_agent.questions.parsed_question import Intent, ParsedQuestion
from hr_agent.questions.person_names import name_of
from hr_agent.questions.rule_parser import asks_about_other_subject


class _Person(BaseModel):
    """The same rules as SCHEMA."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    name: str | None = Field(default=None, pattern=r"\S", max_length=MAX_NAME_CHARACTERS)
    email: str | None = None
    employee_id: str | None = None

    @model_validator(mode="after")
    def _has_one_identifier(self) -> Self:
        given = [text for text in (self.email, self.employee_id) if text is not None]
        whole = email_addresses(self.email or "") + employee_ids(self.employee_id or "")
        if len(given) != 1 or given != whole:
            raise ValueError("exactly one whole e-mail address or employee id")
        return self


def parse_data(data: object) -> ParsedQuestion:
    """The question of a data part. Raises ValueError, whose message may be shown to the caller."""
    try:
        person = _Person.model_validate(data)
    except ValidationError:
        raise ValueError(f"The data is not of the schema of {EXTENSION}, which is on the agent card.") from None
    name = " ".join(person.name.split()) if person.name else None
    return ParsedQuestion(
        intent=Intent.EMPLOYMENT_STATUS, name=name, email=person.email, employee_id=person.employee_id
    )


def with_text(question: ParsedQuestion, text: str) -> ParsedQuestion:
    """The question of a data part that stands beside a text; rules read the text.

    Raises ValueError if the text names another address or another name. Its message may be shown to the caller.
    """
    if asks_about_other_subject(text):
        return ParsedQuestion(intent=Intent.OTHER)
    subject = question.subject or ""
    named = {word.casefold() for word in email_addresses(text) + employee_ids(text)}
    if has_unreadable_address(text) or not named <= {subject.casefold()}:
        raise ValueError("The text and the data name different addresses.")
    name = name_of(subject, text)
    if name and question.name and _words(name) != _words(question.name):
        raise ValueError("The text and the data name different people.")
    return question.model_copy(update={"name": question.name or name})


def _words(name: str) -> list[str]:
    return sorted(name.casefold().split())
