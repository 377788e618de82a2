"""The result of parsing a question: a claim about the text, never a decision."""

from __future__ import annotations

from copy import replace
from enum import StrEnum
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta
from staff0.question import Question
from staff0.skills import Skills


class Intent(StrEnum):
    """SEVERAL_ADDRESSES is set by the validation: the caller has to say which of them is meant."""

    ONE_PERSON = "one_person"
    SEVERAL_PEOPLE = "several_people"
    SEVERAL_ADDRESSES = "several_addresses"
    OTHER = "other"


class ParsedQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Intent, skills and subject; `name`, `email` and `employee_id` as they are written in the text.

    `skills` are the ids of those that the text asks for. A text that just names a person asks for none.
    """

    intent: Annotated[
        Intent, Meta(description="one_person: one of the known questions, about one person; several_people; other")
    ]
    skills: Annotated[tuple[str, ...], Meta(description="the ids of the known questions that the message asks")] = ()
    name: Annotated[str | None, Meta(description="the person's name, exactly as written")] = None
    email: Annotated[str | None, Meta(description="the person's e-mail address, exactly as written")] = None
    employee_id: Annotated[str | None, Meta(description="the person's employee id, exactly as written")] = None

    @property
    def subject(self) -> str | None:
        return self.employee_id or self.email

    def about(self, person: Question) -> ParsedQuestion:
        """The same question about the person of another one."""
        return replace(self, name=person.name, email=person.email, employee_id=person.employee_id)


class QuestionParser(Protocol):
    """`skills` are those that a question may ask for."""

    @property
    def skills(self) -> Skills: ...

    async def parse(self, text: str) -> ParsedQuestion:
        """The intent and the subject of a question in any wording. Callers use `parse_and_validate`."""
