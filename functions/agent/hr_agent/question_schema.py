"""The JSON schema of a question as data, for programs that would have to write a sentence otherwise.

It is published on the agent card and in docs/schemas/question-v1.json.
"""

from typing import Any, Final

from staff0.question import DEFAULT_SKILL
from staff0.skills import Skills

EXTENSION: Final = "https://staff0/a2a/question/v1"
MAX_NAME_CHARACTERS: Final = 200
EMAIL: Final = r"[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}"
# Auth0's user ids: the strategy of the connection, for some the connection's name, and the id there.
EMPLOYEE_ID: Final = (
    r"(?:auth0|waad|adfs|ad|samlp|oidc|okta|pingfederate|google-apps|google-oauth2|windowslive)"
    r"\|[A-Za-z0-9_-]{1,64}(?:\|[A-Za-z0-9_-]{1,64})?"
)
_ABSENT: Final = {"type": "null"}


def question_schema(skills: Skills) -> dict[str, Any]:
    """Written without the value false, which a card cannot have (hr_agent.card.card_variants)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": EXTENSION,
        "title": "Question",
        "description": "A question about this person: a data part of a message, instead of a text or beside it.",
        "type": "object",
        "propertyNames": {"enum": ["name", "email", "employee_id", "skill"]},
        "properties": {
            "name": {
                "description": "The full name. If it is given, the answer says whether it is right.",
                "type": ["string", "null"],
                "pattern": r"\S",
                "maxLength": MAX_NAME_CHARACTERS,
            },
            "email": {
                "description": "The work e-mail address.",
                "type": ["string", "null"],
                "pattern": f"^{EMAIL}$",
            },
            "employee_id": {
                "description": "The employee id, instead of the address.",
                "type": ["string", "null"],
                "pattern": f"^{EMPLOYEE_ID}$",
            },
            "skill": {
                "description": "What is asked: the id of a skill of the agent card. Without it the text says it; "
                f"without a text, {DEFAULT_SKILL}.",
                "anyOf": [{"enum": [skill.id for skill in skills]}, _ABSENT],
            },
        },
        "oneOf": [
            {"required": ["email"], "properties": {"email": {"type": "string"}, "employee_id": _ABSENT}},
            {"required": ["employee_id"], "properties": {"employee_id": {"type": "string"}, "email": _ABSENT}},
        ],
    }
