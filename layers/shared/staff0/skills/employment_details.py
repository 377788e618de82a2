"""The skill that answers since when a person works at Staff0, and in which role."""

import re
from datetime import date
from typing import Final

from staff0.skills.facts import Fact
from staff0.skills.skill import Details, Skill

_START_DATE: Final = Fact("start_date", "start_date", date, "since when you have worked at Staff0")
_LATER: Final = r"[^.?!\n]{0,100}\b"  # in the same sentence
_WORKING: Final = r"(?:work|employ|been (?:with|at|on|there|here|part|a)\b)"
_STARTING: Final = r"(?:start|join|hire|beg[aiu]n)"
_JOB_TITLE: Final = Fact("job_title", "title", str, "your job title")


def _sentence(who: str, details: Details) -> str:
    labels = {_START_DATE.id: "Start date", _JOB_TITLE.id: "Job title"}
    told = "".join(f" {label}: {details[fact_id]}." for fact_id, label in labels.items() if fact_id in details)
    return f"Yes, {who} is an active employee of Staff0.{told}"


EMPLOYMENT_DETAILS: Final = Skill(
    id="employment_details",
    name="Confirm Start Date And Job Title",
    description="Confirm since when a person has been an employee of the company, and in which role.",
    tags=("employment verification", "start date", "job title"),
    examples=("Since when does John Doe with email jdoe@staff0.com work at Staff0, and in which role?",),
    purpose="employment_details",
    scope="read:employment_details",
    employee_scope="read:employment_details",
    details=(_START_DATE, _JOB_TITLE),
    wording=re.compile(
        rf"\b(?:since (?:when|what|which)|how long(?! (?:\w+ )?(?:it|this|that)\b)(?={_LATER}{_WORKING})|"
        rf"when (?:did|was|has)(?={_LATER}{_STARTING})|(?:start|hir|join)\w* dates?|"
        r"date of (?:hire|hiring|joining|employment)|length of (?:service|employment)|"
        r"(?:job )?titles?|positions?|roles?|occupation)\b",
        re.IGNORECASE,
    ),
    meaning="since when one person has worked at the company Staff0, for how long, or in which role or job title",
    sentence=_sentence,
)
