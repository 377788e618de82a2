"""The JSON schema of a pending approval as data (staff0.approval_format).

It is published on the agent card and in docs/schemas/approval-v1.json.
"""

from typing import Any

from staff0.approval_format import EXTENSION
from staff0.skills import Skills

from hr_agent.question_schema import EMAIL, EMPLOYEE_ID


def approval_schema(skills: Skills) -> dict[str, Any]:
    """Written without the value false, which a card cannot have (hr_agent.card.card_variants)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": EXTENSION,
        "title": "PendingApproval",
        "description": "A person has to approve on their phone before the task goes on: in the metadata of a status "
        "message, under the URI of the extension.",
        "type": "object",
        "required": ["code", "expires_at", "approver", "purpose", "requested_by"],
        "properties": {
            "code": {
                "description": "The phone shows the same code. Tell it to the approver, who compares.",
                "type": "string",
                "pattern": "^[A-Z0-9]{6}$",
            },
            "expires_at": {
                "description": "When it is too late to approve (RFC 3339, UTC).",
                "type": "string",
                "format": "date-time",
                "pattern": "Z$",
            },
            "approver": {
                "description": "Who has to act, as the caller named them. It does not say that such a person exists.",
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "email": {"type": "string", "pattern": f"^{EMAIL}$"},
                    "employee_id": {"type": "string", "pattern": f"^{EMPLOYEE_ID}$"},
                },
                "oneOf": [{"required": ["email"]}, {"required": ["employee_id"]}],
            },
            "purpose": {
                "description": "What is approved: the answer of this task to one kind of question.",
                "enum": [skill.purpose for skill in skills],
            },
            "facts": {
                "description": "What the approver is asked to disclose. The answer has these facts at most.",
                "type": "array",
                "minItems": 1,
                "items": {"enum": list(skills.facts)},
            },
            "requested_by": {
                "description": "The name of the caller that the phone shows beside the code.",
                "type": "string",
                "minLength": 1,
                "maxLength": 24,
            },
        },
    }
