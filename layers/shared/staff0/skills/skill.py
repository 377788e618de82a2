"""What a skill is: one kind of question that callers can ask about an employee, from its wording to its answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from staff0.question import Question
from staff0.skills.facts import EMPLOYMENT_STATUS, NAME, Fact

type Details = Mapping[str, str]


@dataclass(frozen=True)
class Skill:
    """One kind of question.

    `name`, `description`, `tags` and `examples` are for the agent card, `purpose` is the word for programs in a pending
    approval. `scope` is the one that a caller's token needs at the agent, `employee_scope` the one of the employee's
    token at the HR API. `details` are the facts that are disclosed beside the employment status and the name.
    `wording` matches the words by which a text asks for this skill, without any name. `meaning` tells a language model
    the same; it completes "the message asks …". `sentence` is the answer for an active employee, from the name or
    address as the caller wrote it and the disclosed details by fact id, each as a text.
    """

    id: str
    name: str
    description: str
    tags: tuple[str, ...]
    examples: tuple[str, ...]
    purpose: str
    scope: str
    employee_scope: str
    details: tuple[Fact, ...]
    wording: re.Pattern[str]
    meaning: str
    sentence: Callable[[str, Details], str]

    def facts(self, question: Question) -> tuple[Fact, ...]:
        """What the answer to this question discloses. Without a name in the question nothing is said about a name."""
        return (EMPLOYMENT_STATUS, *((NAME,) if question.name else ()), *self.details)

    def includes(self, other: Skill) -> bool:
        """Whether the answer to this skill's question also answers the other's."""
        return set(other.details) <= set(self.details)


class Skills:
    """The skills of this agent, in the order of the agent card."""

    def __init__(self, skills: Iterable[Skill]) -> None:
        self._by_id = {skill.id: skill for skill in skills}

    def __iter__(self) -> Iterator[Skill]:
        return iter(self._by_id.values())

    def get(self, skill_id: str) -> Skill:
        """Raises KeyError for an unknown id."""
        return self._by_id[skill_id]

    def __contains__(self, skill_id: object) -> bool:
        return skill_id in self._by_id

    def asked_for(self, text: str) -> list[Skill]:
        """The skills whose wording the text has. One that another of them includes is left out."""
        return self.without_included(skill for skill in self if skill.wording.search(text))

    def replace_wording(self, text: str, replacement: str | Callable[[re.Match[str]], str]) -> str:
        """The text with the words replaced by which it asks for skills."""
        for skill in self:
            text = skill.wording.sub(replacement, text)
        return text

    def without_included(self, skills: Iterable[Skill]) -> list[Skill]:
        found = list(skills)
        return [
            skill for skill in found if not any(other.includes(skill) and not skill.includes(other) for other in found)
        ]

    @property
    def facts(self) -> dict[str, Fact]:
        """All facts by id."""
        details = (fact for skill in self for fact in skill.details)
        return {fact.id: fact for fact in (EMPLOYMENT_STATUS, NAME, *details)}
