"""Signs each request to a webhook: a JWT in a header of its own (docs/adr/0026-signed-webhooks.md)."""

import hashlib
from dataclasses import dataclass

import jwt
from staff0.caller_registry import client_id_of
from staff0.clock import Clock
from staff0.signing import KmsRsaSigningKey
from staff0.tasks import PushConfig
from staff0.webhook_signature_format import ALGORITHM, HEADER, TYPE, VALID_SECONDS

from notifier.http.webhook_transport import Headers
from notifier.notification_payloads import Payload


@dataclass(frozen=True)
class NotificationSigner:
    key: KmsRsaSigningKey
    clock: Clock

    def headers(self, config: PushConfig, payload: Payload) -> Headers:
        """The header with the signature. Raises botocore.exceptions.ClientError or BotoCoreError without KMS.

        No header for a webhook of an older version, which does not hold the agent's URL.
        """
        return {HEADER: self._sign(config, payload)} if config.agent_url else {}

    def _sign(self, config: PushConfig, payload: Payload) -> str:
        now = int(self.clock().timestamp())
        claims = {
            "iss": config.agent_url,
            "aud": config.url,
            "client_id": client_id_of(config.owner),
            "iat": now,
            "exp": now + VALID_SECONDS,
            "jti": config.delivery_id(payload.position),
            "request_body_sha256": hashlib.sha256(payload.content).hexdigest(),
        }
        headers = {"typ": TYPE, "kid": self.key.kid}
        return jwt.encode(claims, self.key, algorithm=ALGORITHM, headers=headers)
