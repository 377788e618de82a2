"""The facts of an employee's record that an approval can disclose."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class EmploymentStatus(StrEnum):
    ACTIVE = "active"
    ON_LEAVE = "on_leave"
    TERMINATED = "terminated"

    @property
    def is_employed(self) -> bool:
        """True also for an employee on leave, which is a personal matter."""
        return self is not EmploymentStatus.TERMINATED


@dataclass(frozen=True)
class Fact:
    """One field of the HR API's record.

    `id` names the fact in an approval, a token and the audit trail; `field` and `type` are those of the HR API. `words`
    tell the employee what a caller learns; they complete the sentence "They learn …".
    """

    id: str
    field: str
    type: type[str | date]
    words: str


EMPLOYMENT_STATUS: Final = Fact("employment_status", "status", EmploymentStatus, "whether you work at Staff0")
NAME: Final = Fact("name", "name", str, "whether the name they gave is yours")
