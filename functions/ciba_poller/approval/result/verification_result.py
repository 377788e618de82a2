"""The result for the caller: employed or not, whether the given name matches, and the details of the skill."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from staff0.question import Question
from staff0.skills import NAME, Skill

from approval import task_messages
from approval.hr_api_client import Employment


@dataclass(frozen=True)
class VerificationResult:
    """`name_matches` is None if the caller gave no name, or if the employee's name is not disclosed or not known to HR.

    `disclosed` are the ids of the facts that the HR API has disclosed, in their order.
    """

    question: Question
    skill: Skill
    employee_active: bool
    name_matches: bool | None
    disclosed: Mapping[str, str | date]
    checked_at: datetime

    @property
    def confirmed(self) -> bool:
        """Whether everything that was asked is so. A name that was given and could not be compared is not."""
        return self.employee_active and (self.name_matches is True or not self.question.name)

    @property
    def details(self) -> dict[str, str]:
        """The disclosed details by fact id, dates in ISO 8601. None of a former employee, or of an employee of another
        name: they would tell more than that.
        """
        facts = self.skill.details if self.employee_active and self.name_matches is not False else ()
        return {fact.id: str(self.disclosed[fact.id]) for fact in facts if fact.id in self.disclosed}

    @property
    def sentence(self) -> str:
        """The sentence for people. Repeats only what the caller wrote, and the name only if it matches."""
        subject = self.question.subject or ""
        if self.name_matches is False:
            return task_messages.other_name(
                f"the employee at {subject}" if self.question.email else f"employee {subject}"
            )
        who = self.question.name if self.name_matches and self.question.name else subject
        if not self.employee_active:
            return task_messages.not_active(who)
        sentence = self.skill.sentence(who, self.details)
        return sentence if self.confirmed else f"{sentence} {task_messages.NAME_NOT_COMPARED}"


def verify(question: Question, skill: Skill, employment: Employment, checked_at: datetime) -> VerificationResult:
    """Compares the question with the record of HR."""
    name = employment.facts.get(NAME.id)
    matches = is_same_name(question.name, str(name)) if question.name and name else None
    return VerificationResult(question, skill, employment.status.is_employed, matches, employment.facts, checked_at)


def is_same_name(given: str, known: str) -> bool:
    """Whether two names consist of the same words, without regard to order, letter case, accents and punctuation.

    "DOE, John" is John Doe and "Jose Nunez" is José Núñez. "John" alone is not: part of a name matches many people.
    """
    return _words(given) == _words(known) != []


def _words(name: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    without_accents = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return sorted(re.findall(r"\w+", without_accents))
