"""Signs the statement of a result, a JWT that a caller can show to third parties. It names no employee."""

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
    """A statement is valid for `days`. Methods raise botocore.exceptions.ClientError or BotoCoreError without KMS."""

    key: KmsSigningKey
    pseudonyms: Pseudonyms
    days: int

    def append_to(self, task: Task, approval: Approval, result: VerificationResult) -> Task:
        """A copy of the task with the statement as a second artifact.

        A request of an older version does not hold the agent's URL: it gets no statement.
        """
        signed = Task()
        signed.CopyFrom(task)
        if approval.agent_url and approval.approved_at:
            statement = self._sign(_id(task), approval, approval.approved_at, result)
            signed.artifacts.append(
                Artifact(
                    artifact_id=_id(task),
                    name=_NAME,
                    description="Signed statement of this result, which third parties can verify.",
                    parts=[Part(text=statement, media_type=MEDIA_TYPE)],
                    extensions=[EXTENSION],
                )
            )
        return signed

    def _sign(self, jti: str, approval: Approval, approved_at: datetime, result: VerificationResult) -> str:
        claims: dict[str, object] = {
            "iss": approval.agent_url,
            "aud": approval.client_id,
            "sub": self.pseudonyms.pairwise(approval.employee_sub or "", approval.client_id),
            "iat": int(result.checked_at.timestamp()),
            "exp": int((result.checked_at + timedelta(days=self.days)).timestamp()),
            "jti": jti,
            "task_id": approval.task_id,
            "consented_at": int(approved_at.timestamp()),
            "confirmed": result.confirmed,
            "employee_active": result.employee_active,
        }
        if result.name_matches is not None:
            claims["name_matches"] = result.name_matches
        return jwt.encode(claims, self.key, algorithm=ALGORITHM, headers={"typ": TYPE, "kid": self.key.kid})


def _id(task: Task) -> str:
    """The same id at each attempt, so that a retry makes the same statement."""
    return f"{task.id}-{_NAME}"
