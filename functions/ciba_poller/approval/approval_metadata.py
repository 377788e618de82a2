"""The metadata of the status message that tells a caller to wait for the employee (AUTH_REQUIRED, A2A 7.6)."""

from datetime import datetime

from staff0.approval_format import EXTENSION
from staff0.question import Question
from staff0.skills import Skill

from approval.task_messages import rfc3339


def approval_metadata(
    question: Question, skill: Skill, caller: str, code: str, expires_at: datetime
) -> dict[str, object]:
    """The approval as data, and its code and expiry once more for clients that do not know the extension.

    The approver is the person as the caller wrote them: the directory's answer would tell who works here.
    """
    basics = {"code": code, "expires_at": rfc3339(expires_at)}
    named = {"name": question.name, "email": question.email, "employee_id": question.employee_id}
    approver = {name: value for name, value in named.items() if value is not None}
    facts = [fact.id for fact in skill.facts(question)]
    request = {"approver": approver, "purpose": skill.purpose, "facts": facts, "requested_by": caller}
    return basics | {EXTENSION: basics | request}
