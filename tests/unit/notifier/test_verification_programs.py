"""The receivers that docs/callers.md prints accept what the agent sends, and refuse everything else."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import jwt
import pytest
from notifier.notification_payloads import Payload
from notifier.notification_signer import NotificationSigner
from staff0.clock import utc_now
from staff0.signing import KmsEcSigningKey, KmsRsaSigningKey
from staff0.tasks import PushConfig

from local.cli.paths import NODE, PROJECT
from tests.support.callers_guide import program_below
from tests.support.jwks_server import serve_jwks

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

HOOK: Final = "https://hooks.example/a"
BODY: Final = b'{"statusUpdate": {"taskId": "t1"}}'
HEADING: Final = "#### Verify a notification"
# Each reads a list of requests from standard input, and prints a list of the statuses as its last line.
PYTHON: Final = """
import sys
print([receive(request["signature"], request["body"].encode()) for request in json.load(sys.stdin)])
"""
JAVASCRIPT: Final = """
import { json } from 'node:stream/consumers';
const statuses = [];
for (const { signature, body } of await json(process.stdin)) statuses.push(await receive(signature, Buffer.from(body)));
console.log(JSON.stringify(statuses));
"""

type Receive = Callable[..., tuple[list[int], int]]
"""Takes requests (signature and body). Returns their statuses, and how many of them were handled."""


@dataclass(frozen=True)
class Agent:
    """The agent's URL with its published keys, and webhooks of its caller `acme-client`."""

    url: str
    key: KmsRsaSigningKey
    statement_key: KmsEcSigningKey

    def signature(self, *, body: bytes = BODY, at: datetime | None = None, **changes: Any) -> str:
        config = PushConfig("t1", "c1", "https://tenant.example/|acme-client", HOOK, agent_url=self.url)
        signer = NotificationSigner(self.key, lambda: at or utc_now())
        return signer.headers(replace(config, **changes), Payload("application/a2a+json", body, "update/3/0"))[
            "Staff0-Signature"
        ]

    def claims(self) -> dict[str, Any]:
        claims: dict[str, Any] = jwt.decode(self.signature(), options={"verify_signature": False})
        return claims


def new_key(kms: KMSClient, spec: Literal["ECC_NIST_P256", "RSA_2048"]) -> str:
    return kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]


@pytest.fixture
def agent(kms: KMSClient, webhook_key: KmsRsaSigningKey) -> Iterator[Agent]:
    statement_key = KmsEcSigningKey(lambda: kms, new_key(kms, "ECC_NIST_P256"))
    with serve_jwks() as server:
        server.body = json.dumps({"keys": [statement_key.jwk, webhook_key.jwk]})
        yield Agent(server.url.removesuffix("/.well-known/jwks.json"), webhook_key, statement_key)


@pytest.fixture(params=["python", "js"])
def receive(request: pytest.FixtureRequest, agent: Agent, tmp_path: Path) -> Receive:
    program = program_below(HEADING, request.param)
    if request.param == "python":
        command, file, text = sys.executable, tmp_path / "receiver.py", program + PYTHON
    else:
        (tmp_path / "node_modules").symlink_to(PROJECT / "tests/interop/node/node_modules")
        command, file, text = str(NODE), tmp_path / "receiver.mjs", program + JAVASCRIPT
    file.write_text(text)
    environment = {"AGENT": agent.url, "HOOK": HOOK, "CLIENT_ID": "acme-client"}

    def run(*requests: tuple[str | None, bytes]) -> tuple[list[int], int]:
        given = json.dumps([{"signature": signature, "body": body.decode()} for signature, body in requests])
        done = subprocess.run(
            [command, str(file)], input=given, env=environment, capture_output=True, text=True, check=True, timeout=60
        )
        *handled, statuses = done.stdout.splitlines()
        return json.loads(statuses), sum(line.startswith("handled:") for line in handled)

    return run


def test_genuine_notification_is_handled(receive: Receive, agent: Agent) -> None:
    assert receive((agent.signature(), BODY)) == ([204], 1)


def test_repeated_and_replayed_notification_is_accepted_and_not_handled_again(receive: Receive, agent: Agent) -> None:
    first = agent.signature()
    later_attempt = agent.signature(at=utc_now().replace(microsecond=0))
    assert receive((first, BODY), (first, BODY), (later_attempt, BODY)) == ([204, 204, 204], 1)


def test_stale_notification_is_refused(receive: Receive, agent: Agent) -> None:
    at = datetime.fromtimestamp(utc_now().timestamp() - 331, tz=utc_now().tzinfo)
    assert receive((agent.signature(at=at), BODY)) == ([401], 0)


def test_clock_may_differ_by_some_seconds(receive: Receive, agent: Agent) -> None:
    at = datetime.fromtimestamp(utc_now().timestamp() + 20, tz=utc_now().tzinfo)
    assert receive((agent.signature(at=at), BODY)) == ([204], 1)


def test_altered_or_unsigned_notification_is_refused(receive: Receive, agent: Agent) -> None:
    signature = agent.signature()
    header, claims, signed = signature.split(".")
    other_claims = agent.signature(body=b"other").split(".")[1]
    requests = [
        (signature, BODY + b" "),
        (f"{header}.{other_claims}.{signed}", b"other"),
        (f"{header}.{claims}.", BODY),
        (None, BODY),
        ("", BODY),
        ("x", BODY),
    ]
    assert receive(*requests) == ([401] * len(requests), 0)


def test_notification_for_another_webhook_client_or_by_another_agent_is_refused(
    receive: Receive, agent: Agent, kms: KMSClient
) -> None:
    stranger = replace(agent, key=KmsRsaSigningKey(lambda: kms, new_key(kms, "RSA_2048")))
    requests = [
        (agent.signature(url="https://hooks.example/b"), BODY),
        (agent.signature(owner="https://tenant.example/|globex-client"), BODY),
        (agent.signature(agent_url="https://other.example"), BODY),
        (stranger.signature(), BODY),
    ]
    assert receive(*requests) == ([401] * len(requests), 0)


def test_another_kind_of_token_is_refused(receive: Receive, agent: Agent) -> None:
    """Also one that a key for statements signed, or that is signed by no key."""
    by_statement_key = {"typ": "webhook-notification+jwt", "kid": agent.statement_key.kid}
    statement = {"typ": "employment-attestation+jwt", "kid": agent.key.kid}
    tokens = [
        jwt.encode(agent.claims(), agent.statement_key, "ES256", by_statement_key),
        jwt.encode(agent.claims(), agent.key, "RS256", statement),
        jwt.encode(agent.claims(), "", "none", {"typ": "webhook-notification+jwt", "kid": agent.key.kid}),
        jwt.encode(agent.claims() | {"exp": None}, agent.key, "RS256", {**by_statement_key, "kid": agent.key.kid}),
    ]
    assert receive(*((token, BODY) for token in tokens)) == ([401] * len(tokens), 0)
