"""The skill that answers whether a person works at Staff0."""

import re
from typing import Final

from staff0.skills.skill import Details, Skill


def _sentence(who: str, _details: Details) -> str:
    return f"Yes, {who} is an active employee of Staff0."


IS_ACTIVE_EMPLOYEE: Final = Skill(
    id="is_active_employee",
    name="Check Employment Status Tool",
    description="Confirm whether a person is an active employee of the company.",
    tags=("employment status",),
    examples=("Does John Doe with email jdoe@staff0.com work at Staff0?",),
    purpose="employment_status",
    scope="read:employee_status",
    employee_scope="read:employee",
    details=(),
    wording=re.compile(
        r"\b(works?|worked|working|employ\w*|staff member|member of staff|on (?:the )?(?:staff|payroll)|colleague|"
        r"still (?:at|with)|verif\w+|confirm\w*|active)\b",
        re.IGNORECASE,
    ),
    meaning="whether one person works at the company Staff0",
    sentence=_sentence,
)
