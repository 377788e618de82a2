"""The result of parsing a question: a claim about the text, never a decision."""

from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field


class Intent(StrEnum):
    """SEVERAL_ADDRESSES is set by the validation: the caller has to say which of them is meant."""

    EMPLOYMENT_STATUS = "employment_status"
    SEVERAL_PEOPLE = "several_people"
    SEVERAL_ADDRESSES = "several_addresses"
    OTHER = "other"


class ParsedQuestion(BaseModel):
    """Intent and subject; `name`, `email` and `employee_id` as they are written in the text."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    intent: Intent = Field(description="employment_status: whether one person works at Staff0; several_people; other")
    name: str | None = Field(default=None, description="the person's name, exactly as written")
    email: str | None = Field(default=None, description="the person's e-mail address, exactly as written")
    employee_id: str | None = Field(default=None, description="the person's employee id, exactly as written")

    @property
    def subject(self) -> str | None:
        return self.employee_id or self.email


class QuestionParser(Protocol):
    async def parse(self, text: str) -> ParsedQuestion:
        """The intent and the subject of a question in any wording. Callers use `parse_and_validate`."""
