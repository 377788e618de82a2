"""A third skill, which only tests register: until when a person is on leave."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from staff0.skills import SKILLS, Details, Fact, Skill, Skills

_LEAVE_UNTIL: Final = Fact("leave_until", "leave_until", date, "until when you are on leave")


def _sentence(who: str, details: Details) -> str:
    until = details.get(_LEAVE_UNTIL.id)
    return f"Yes, {who} is an active employee of Staff0{f', on leave until {until}' if until else ''}."


LEAVE: Final = Skill(
    id="leave_end",
    name="Confirm End Of Leave",
    description="Confirm until when a person is on leave.",
    tags=("leave",),
    examples=("Until when is Mary Major with email mmajor@staff0.com on leave?",),
    purpose="leave_end",
    scope="read:leave_end",
    employee_scope="read:leave_end",
    details=(_LEAVE_UNTIL,),
    wording=re.compile(r"\b(?:on leave|end of (?:the |his |her |their )?leave)\b", re.IGNORECASE),
    meaning="until when one person is on leave",
    sentence=_sentence,
)
WITH_LEAVE: Final = Skills([*SKILLS, LEAVE])
