"""What one employee is asked to agree to: the scopes of the token, and the facts that it discloses."""

from dataclasses import dataclass
from typing import Final

from staff0.authorization_details import Disclosure
from staff0.skills import Skills
from staff0.tasks import Approval

_SCOPE: Final = "read:employee"  # the HR API wants it for any question


@dataclass(frozen=True)
class RequestedConsent:
    """`scopes` are requested with the push and required of the token, beside `openid`.

    Without `disclosure` no authorization details are sent, and the scopes alone say what is disclosed.
    """

    sub: str
    scopes: tuple[str, ...]
    disclosure: Disclosure | None = None


def requested_consent(approval: Approval, skills: Skills) -> RequestedConsent:
    """The consent that a claimed approval asks for."""
    skill = skills.get(approval.question.skill)
    disclosure = Disclosure(
        requested_by=approval.caller,
        code=approval.code or "",
        purpose=approval.purpose,
        facts=approval.facts,
        request_id=approval.task_id,
        client_id=approval.client_id,
    )
    return RequestedConsent(
        sub=approval.employee_sub or "",
        scopes=tuple(dict.fromkeys([_SCOPE, skill.employee_scope])),
        disclosure=disclosure if approval.has_authorization_details else None,
    )
