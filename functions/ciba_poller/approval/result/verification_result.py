"""The result for the caller: employed or not, and whether the given name matches. No other data of the record."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from staff0.question import Question

from approval import task_messages
from approval.hr_api_client import Employment


@dataclass(frozen=True)
class VerificationResult:
    """`name_matches` is None if the caller gave no name."""

    question: Question
    employee_active: bool
    name_matches: bool | None
    checked_at: datetime

    @property
    def confirmed(self) -> bool:
        """Whether everything that was asked is so."""
        return self.employee_active and self.name_matches is not False

    @property
    def sentence(self) -> str:
        """The sentence for people. Repeats only what the caller wrote, and the name only if it matches."""
        subject = self.question.subject or ""
        if self.name_matches is False:
            return task_messages.other_name(
                f"the employee at {subject}" if self.question.email else f"employee {subject}"
            )
        who = self.question.name if self.name_matches and self.question.name else subject
        return task_messages.confirmed(who) if self.employee_active else task_messages.not_active(who)


def verify(question: Question, employment: Employment, checked_at: datetime) -> VerificationResult:
    """Compares the question with the record of HR."""
    matches = is_same_name(question.name, employment.name) if question.name else None
    return VerificationResult(question, employment.is_employed, matches, checked_at)


def is_same_name(given: str, known: str) -> bool:
    """Whether two names consist of the same words, without regard to order, letter case, accents and punctuation.

    "DOE, John" is John Doe and "Jose Nunez" is José Núñez. "John" alone is not: part of a name matches many people.
    """
    return _words(given) == _words(known) != []


def _words(name: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    without_accents = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return sorted(re.findall(r"\w+", without_accents))
