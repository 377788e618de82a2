"""Signs the statement of a result, a JWT that a caller can show to third parties. It names no employee."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt
from staff0.signing import KmsEcSigningKey
from staff0.statement_format import TYPE
from staff0.tasks import Approval

from approval.result.pseudonyms import Pseudonyms
from approval.result.verification_result import VerificationResult


@dataclass(frozen=True)
class StatementSigner:
    """A statement is valid for `days`."""

    key: KmsEcSigningKey
    pseudonyms: Pseudonyms
    days: int

    def sign(self, approval: Approval, result: VerificationResult) -> str | None:
        """The statement as a JWT. Raises botocore.exceptions.ClientError or BotoCoreError without KMS.

        None for a request of an older version, which does not hold the agent's URL.
        """
        if not approval.agent_url or approval.approved_at is None:
            return None
        return self._sign(approval, approval.approved_at, result)

    def _sign(self, approval: Approval, approved_at: datetime, result: VerificationResult) -> str:
        claims: dict[str, object] = {
            "iss": approval.agent_url,
            "aud": approval.client_id,
            "sub": self.pseudonyms.pairwise(approval.employee_sub or "", approval.client_id),
            "iat": int(result.checked_at.timestamp()),
            "exp": int((result.checked_at + timedelta(days=self.days)).timestamp()),
            "jti": f"{approval.task_id}-attestation",  # the same at each attempt
            "task_id": approval.task_id,
            "consented_at": int(approved_at.timestamp()),
            "confirmed": result.confirmed,
            "employee_active": result.employee_active,
            "facts": list(result.disclosed),
            **result.details,
            "consent": _consent(approval, approved_at),
        }
        if result.name_matches is not None:
            claims["name_matches"] = result.name_matches
        return jwt.encode(claims, self.key, algorithm=self.key.algorithm, headers={"typ": TYPE, "kid": self.key.kid})


def _consent(approval: Approval, approved_at: datetime) -> dict[str, object]:
    """To which request the employee agreed, and when. The token's id lets the identity provider's log confirm it."""
    consent: dict[str, object] = {
        "request_id": approval.task_id,
        "code": approval.code,
        "approved_at": int(approved_at.timestamp()),
    }
    return consent | ({"token_id_sha256": approval.token_id_hash} if approval.token_id_hash else {})
