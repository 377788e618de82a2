"""The deployed stack with `private_key_jwt`: the keys stay in KMS, and no client secret opens the identity provider."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from local.cli import client_secrets
from tests.support.running_stack import restore_stack, run_local
from tests.support.system import Json, System, sentence_of

pytestmark = pytest.mark.alone(deploys=True)  # it deploys the stack with other parameters


@pytest.fixture(scope="module")
def keyed_system(system: System) -> Iterator[System]:
    run_local("up", CLIENT_AUTHENTICATION="private_key_jwt")
    yield system
    restore_stack()


def test_approval_and_denial_work_with_keys(keyed_system: System) -> None:
    caller, (yes, no) = keyed_system.caller(), keyed_system.hire_many(2)

    async def both() -> tuple[Json, Json]:
        return await asyncio.gather(
            caller.verification(yes.question, "approve"), caller.verification(no.question, "deny")
        )

    approved, denied = asyncio.run(both())
    assert sentence_of(approved) == yes.yes
    assert denied["status"]["state"] == "TASK_STATE_REJECTED"


@pytest.mark.parametrize("application", [client_secrets.HR_AGENT, client_secrets.DIRECTORY])
def test_client_secret_is_rejected(keyed_system: System, application: str) -> None:
    """Otherwise the test above would prove nothing. Auth0 answers a wrong proof with access_denied."""
    credentials = client_secrets.stand_in_clients()[application]
    answer = keyed_system.http.post(
        f"{keyed_system.stack['issuer']}oauth/token",
        data={
            "grant_type": "urn:openid:params:grant-type:ciba",
            "auth_req_id": "any",
            "client_id": credentials["client_id"],
            "client_secret": credentials["client_secret"],
        },
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "access_denied")


def test_no_function_holds_a_client_secret(keyed_system: System) -> None:
    known = [secret for c in client_secrets.stand_in_clients().values() if (secret := c.get("client_secret"))]
    functions = keyed_system.aws("lambda").list_functions()["Functions"]
    variables = [f.get("Environment", {}).get("Variables", {}) for f in functions]
    assert any(v.get("HR_AGENT_AUTH0_CLIENT_KEY_ID") for v in variables)
    assert not any(v.get("HR_AGENT_AUTH0_CLIENT_SECRET_ID") for v in variables)
    secrets = keyed_system.aws("secretsmanager").list_secrets()["SecretList"]
    held = [keyed_system.aws("secretsmanager").get_secret_value(SecretId=s["ARN"])["SecretString"] for s in secrets]
    assert not {*known} & {*held}
