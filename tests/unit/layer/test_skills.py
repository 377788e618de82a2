"""The registered skills, and which of them a text asks for."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from staff0.question import Question
from staff0.skills import SKILLS, Skill, Skills

STATUS, DETAILS = SKILLS.get("is_active_employee"), SKILLS.get("employment_details")


@pytest.mark.parametrize("skill", list(SKILLS), ids=lambda skill: skill.id)
def test_examples_and_name_lead_to_their_skill(skill: Skill) -> None:
    """The agent names them where a question fits two skills, and the caller repeats one."""
    assert [SKILLS.asked_for(text) for text in (*skill.examples, skill.name)] == [[skill], [skill]]


def test_question_of_an_older_version_is_about_the_employment() -> None:
    assert msgspec.convert({"email": "jdoe@staff0.com"}, Question).skill == STATUS.id


def test_skill_that_another_one_includes_is_left_out() -> None:
    assert SKILLS.without_included([STATUS, DETAILS]) == [DETAILS]
    assert DETAILS.includes(STATUS)
    assert not STATUS.includes(DETAILS)


def test_skills_with_the_same_facts_stay_both() -> None:
    same = replace(DETAILS, id="same")
    assert Skills([STATUS, DETAILS, same]).without_included([DETAILS, same]) == [DETAILS, same]


def test_name_is_disclosed_only_if_the_question_gives_one() -> None:
    with_name, without = Question(name="John Doe", email="jdoe@staff0.com"), Question(email="jdoe@staff0.com")
    assert [fact.id for fact in STATUS.facts(without)] == ["employment_status"]
    assert [fact.id for fact in DETAILS.facts(with_name)] == ["employment_status", "name", "start_date", "job_title"]
    assert set(SKILLS.facts) == {"employment_status", "name", "start_date", "job_title"}
