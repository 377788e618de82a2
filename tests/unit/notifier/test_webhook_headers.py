"""The headers of a webhook request: credentials that the caller registered, and the signature over the body."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jwt
import msgspec
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from staff0.errors import WebhookRefused
from staff0.secret_str import SecretStr

from tests.support.clock import FakeClock
from tests.support.moto_differences import outage
from tests.support.sample_webhooks import CONFIG, TASK
from tests.support.webhook_deliveries import Deliveries, Post

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


def test_authentication_headers(completed_task: Deliveries) -> None:
    [post] = completed_task.posts_for(
        1, scheme="Bearer", encrypted_credentials=completed_task.encrypted(token="for-this-task", credentials="canary")
    )
    assert post.headers["X-A2A-Notification-Token"] == "for-this-task"
    assert post.headers["Authorization"] == "Bearer canary"


@pytest.mark.parametrize(
    ("scheme", "values", "names"),
    [
        ("", {"token": "t"}, {"X-A2A-Notification-Token"}),
        ("Bearer", {"credentials": "c"}, {"Authorization"}),
        ("Bearer", {"token": "t"}, {"X-A2A-Notification-Token"}),
        ("", {"credentials": "c"}, set()),
    ],
)
def test_header_needs_all_its_parts(
    completed_task: Deliveries, scheme: str, values: dict[str, str], names: set[str]
) -> None:
    [post] = completed_task.posts_for(1, scheme=scheme, encrypted_credentials=completed_task.encrypted(**values))
    assert post.headers.keys() - {"User-Agent", "Content-Type"} == names


@pytest.mark.parametrize(
    "value",
    ["canary\r\nX-Injected: 1", "canary\nb", "canary\rb", "canary\0", " canary", "canary ", "canary\x7f", "canary\xe9"],
)
@pytest.mark.parametrize("field_name", ["token", "credentials"])
def test_invalid_header_value_is_refused(completed_task: Deliveries, field_name: str, value: str) -> None:
    completed_task.configs.save(
        replace(CONFIG, scheme="Bearer", encrypted_credentials=completed_task.encrypted(**{field_name: value}))
    )
    with pytest.raises(WebhookRefused) as error:
        completed_task.attempt(1)
    assert completed_task.transport.posts == []
    assert "canary" not in str(error.value)


@pytest.mark.parametrize("scheme", ["Bearer\r\nX-Injected: 1\r\nA:", "two words", "b\xe9"])
def test_invalid_scheme_is_refused(completed_task: Deliveries, scheme: str) -> None:
    completed_task.configs.save(
        replace(CONFIG, scheme=scheme, encrypted_credentials=completed_task.encrypted(credentials="c"))
    )
    with pytest.raises(WebhookRefused):
        completed_task.attempt(1)
    assert completed_task.transport.posts == []


def test_credentials_of_another_task_are_not_decrypted(completed_task: Deliveries) -> None:
    completed_task.configs.save(
        replace(CONFIG, scheme="Bearer", encrypted_credentials=completed_task.encrypted("t2", credentials="canary"))
    )
    with pytest.raises(ClientError, match="InvalidCiphertext"):
        completed_task.attempt(1)
    assert completed_task.transport.posts == []


def test_invalid_credentials_are_not_in_error(completed_task: Deliveries) -> None:
    completed_task.configs.save(
        replace(
            CONFIG, encrypted_credentials=completed_task.encryptor.encrypt(TASK, SecretStr('{"token": {"canary": 1}}'))
        )
    )
    with pytest.raises(msgspec.ValidationError) as error:
        completed_task.attempt(1)
    assert "canary" not in str(error.value)


SIGNED = replace(CONFIG, agent_url="https://agent.example")


def claims_of(post: Post) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(post.headers["Staff0-Signature"], options={"verify_signature": False})
    return claims


def test_each_request_is_signed(completed_task: Deliveries) -> None:
    completed_task.configs.save(replace(SIGNED, url="https://new.example/a"))
    claims = [claims_of(post) for post in completed_task.posts_for(3)]  # first contact, artifact and status
    bodies = [hashlib.sha256(post.content).hexdigest() for post in completed_task.transport.posts]
    assert [each["request_body_sha256"] for each in claims] == bodies
    assert len({each["jti"] for each in claims}) == 3
    assert {each["aud"] for each in claims} == {"https://new.example/a"}


@pytest.mark.parametrize("protocol", ["1.0", "0.3"])
@pytest.mark.parametrize("sequence", [3, None])
def test_repeated_delivery_has_its_id_and_a_new_time(
    completed_task: Deliveries, clock: FakeClock, sequence: int | None, protocol: str
) -> None:
    completed_task.configs.save(replace(SIGNED, protocol=protocol))
    completed_task.attempt(sequence)
    clock.advance(40)
    completed_task.attempt(sequence)
    claims = [claims_of(post) for post in completed_task.transport.posts]
    first, again = claims[: len(claims) // 2], claims[len(claims) // 2 :]
    assert [each["jti"] for each in again] == [each["jti"] for each in first]
    assert [each["iat"] for each in again] == [each["iat"] + 40 for each in first]


def test_nothing_is_sent_unsigned_while_kms_fails(completed_task: Deliveries, kms: KMSClient) -> None:
    """The message stays in the queue, and its next attempt is signed."""
    completed_task.configs.save(SIGNED)
    with outage(kms), pytest.raises(EndpointConnectionError):
        completed_task.attempt(3)
    assert completed_task.transport.requests == 0
    assert len(completed_task.posts_for(3)) == 2
