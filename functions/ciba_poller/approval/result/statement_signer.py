"""The signed statement: what the caller learnt, for whoever has to believe it later, and nothing that they did not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt
from a2a.types import Artifact, Part, Task
from staff0.signing import ALGORITHM, KmsSigningKey
from staff0.statement_format import EXTENSION, MEDIA_TYPE, TYPE
from staff0.tasks import Approval

from approval.result.pseudonyms import Pseudonyms
from approval.result.verification_result import VerificationResult

_NAME = "attestation"


@dataclass(frozen=True)
class StatementSigner:
    """`days` is how long a statement is valid. An outage of KMS comes out as botocore's own error."""

    key: KmsSigningKey
    pseudonyms: Pseudonyms
    days: int

    def added_to(self, task: Task, approval: Approval, answer: VerificationResult) -> Task:
        """The task with the statement as an artifact of its own.

        A request opened by an older version does not say whom its caller asked: it gets no statement.
        """
        attested = Task()
        attested.CopyFrom(task)
        if approval.agent_url and approval.approved_at:
            statement = self._sign(_id(task), approval, approval.approved_at, answer)
            attested.artifacts.append(
                Artifact(
                    artifact_id=_id(task),
                    name=_NAME,
                    description="Signed statement of this answer, for whoever has to verify it later.",
                    parts=[Part(text=statement, media_type=MEDIA_TYPE)],
                    extensions=[EXTENSION],
                )
            )
        return attested

    def _sign(self, jti: str, approval: Approval, approved_at: datetime, answer: VerificationResult) -> str:
        claims: dict[str, object] = {
            "iss": approval.agent_url,
            "aud": approval.client_id,
            "sub": self.pseudonyms.of(approval.employee_sub or "", approval.client_id),
            "iat": int(answer.checked_at.timestamp()),
            "exp": int((answer.checked_at + timedelta(days=self.days)).timestamp()),
            "jti": jti,
            "task_id": approval.task_id,
            "consented_at": int(approved_at.timestamp()),
            "employee_active": answer.employee_active,
        }
        if answer.name_matches is not None:
            claims["name_matches"] = answer.name_matches
        return jwt.encode(claims, self.key, algorithm=ALGORITHM, headers={"typ": TYPE, "kid": self.key.kid})


def _id(task: Task) -> str:
    """Derived, so that a repeated attempt makes the same statement."""
    return f"{task.id}-{_NAME}"
