"""The replies that the agent itself gives to a caller."""

from collections.abc import Iterable

from staff0.skills import Skill

RECEIVED = "The request was received."
WHO = (
    "Whose employment should be confirmed? Please give the person's work e-mail address, "
    "for example: Does John Doe with email jdoe@staff0.com work at Staff0?"
)
WHICH = (
    "The message has several addresses. Which one is meant? Please answer with that address alone: "
    "this agent confirms one employment at a time."
)
ONE_AT_A_TIME = "This agent confirms one employment at a time: every person is asked for their own approval."
CORRECTED = "The request was corrected: it is about the other address now."
STILL_WAITING = "The request is still open. Write “cancel” to withdraw it."
ASKED_ALREADY = (
    "The request cannot be changed any more: it has been sent. "
    "To ask about another person or another question, withdraw it by “cancel” and ask again."
)
CANCELED = "The request was canceled by the caller."


def only_these(skills: Iterable[Skill]) -> str:
    return f"This agent only does this: {' '.join(skill.description for skill in skills)}"


def which_question(skills: Iterable[Skill]) -> str:
    names = " or ".join(f"“{skill.name}”" for skill in skills)
    return f"The message fits several questions: {names}. Which one is meant? Please answer with that name alone."


def insufficient_scope(skill: Skill) -> str:
    return f"This question needs a token with the scope {skill.scope}, which the token of this request does not have."
