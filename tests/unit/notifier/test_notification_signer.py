"""The signature of a notification: who sends it, to whom, when, and over which body."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jwt
from notifier.notification_payloads import Payload
from staff0.tasks import PushConfig

from tests.support.clock import FakeClock

if TYPE_CHECKING:
    from notifier.notification_signer import NotificationSigner
    from staff0.signing import KmsRsaSigningKey

CONFIG = PushConfig(
    "t1", "c1", "https://tenant.example/|acme-client", "https://hooks.example/a?b=c", agent_url="https://agent.example"
)
PAYLOAD = Payload("application/a2a+json", b'{"task": {}}', "update/3/0")


def token(signer: NotificationSigner, config: PushConfig = CONFIG, payload: Payload = PAYLOAD) -> str:
    [(name, value)] = signer.headers(config, payload).items()
    assert name == "Staff0-Signature"
    return value


def claims(signer: NotificationSigner, config: PushConfig = CONFIG, payload: Payload = PAYLOAD) -> dict[str, Any]:
    decoded: dict[str, Any] = jwt.decode(token(signer, config, payload), options={"verify_signature": False})
    return decoded


def test_published_key_verifies_the_signature(
    signer: NotificationSigner, webhook_key: KmsRsaSigningKey, clock: FakeClock
) -> None:
    signed = jwt.decode_complete(
        token(signer),
        jwt.PyJWK(webhook_key.jwk),
        ["RS256"],
        options={"verify_aud": False, "verify_exp": False, "verify_iat": False},
    )
    assert signed["header"] == {"alg": "RS256", "typ": "webhook-notification+jwt", "kid": webhook_key.kid}
    now = int(clock().timestamp())
    assert signed["payload"] == {
        "iss": "https://agent.example",
        "aud": "https://hooks.example/a?b=c",
        "client_id": "acme-client",
        "iat": now,
        "exp": now + 300,
        "jti": CONFIG.delivery_id("update/3/0"),
        "request_body_sha256": hashlib.sha256(PAYLOAD.content).hexdigest(),
    }


def test_id_differs_for_each_notification_and_webhook(signer: NotificationSigner) -> None:
    """Two webhooks of a task may have one URL, and then each gets every notification."""
    other_position = replace(PAYLOAD, position="update/3/1")
    ids = {
        claims(signer)["jti"],
        claims(signer, payload=other_position)["jti"],
        claims(signer, replace(CONFIG, config_id="c2"))["jti"],
        claims(signer, replace(CONFIG, task_id="t2"))["jti"],
    }
    assert len(ids) == 4


def test_webhook_of_an_older_version_is_not_signed(signer: NotificationSigner) -> None:
    """Its item does not say at which URL its caller reaches the agent."""
    assert signer.headers(replace(CONFIG, agent_url=""), PAYLOAD) == {}
