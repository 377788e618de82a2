"""The parsed question of a caller."""

from typing import Final

import msgspec

DEFAULT_SKILL: Final = "is_active_employee"  # of a question that just names a person


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """The person in question: an e-mail address or an employee id, and the name if the caller gave one.

    `email` and `employee_id` are copied from the caller's text. Exactly one of them is set before an employee is
    asked. `skill` is the id of the skill that answers (staff0.skills); records of older versions have none.
    """

    name: str | None = None
    email: str | None = None
    employee_id: str | None = None
    skill: str = DEFAULT_SKILL

    @property
    def subject(self) -> str | None:
        """The employee as the caller named them: the employee id if it is set, else the e-mail address."""
        return self.employee_id or self.email

    @property
    def asked_about(self) -> str:
        """The person as the caller wrote them, in lower case."""
        return (self.subject or "").lower()
