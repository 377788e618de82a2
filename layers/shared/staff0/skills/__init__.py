"""The questions that this agent answers, one module each. This is the one place where a skill is registered."""

from typing import Final

from staff0.skills.employment_details import EMPLOYMENT_DETAILS
from staff0.skills.facts import EMPLOYMENT_STATUS, NAME, EmploymentStatus, Fact
from staff0.skills.is_active_employee import IS_ACTIVE_EMPLOYEE
from staff0.skills.skill import Details, Skill, Skills

SKILLS: Final = Skills([IS_ACTIVE_EMPLOYEE, EMPLOYMENT_DETAILS])

__all__ = ["EMPLOYMENT_STATUS", "NAME", "SKILLS", "Details", "EmploymentStatus", "Fact", "Skill", "Skills"]
