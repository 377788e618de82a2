"""The deployed stack with `private_key_jwt`: our applications' keys never leave KMS, and no secret opens the tenant."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from local.cli import client_secrets
from tests.support.running_stack import local
from tests.support.system import Json, System, sentence_of


@pytest.fixture(scope="module")
def by_keys(system: System) -> Iterator[System]:
    local("up", CLIENT_AUTHENTICATION="private_key_jwt")
    yield system
    local("up")


def test_every_ending_is_reached_by_keys_alone(by_keys: System) -> None:
    caller, (yes, no) = by_keys.caller(), by_keys.hire_many(2)

    async def both() -> tuple[Json, Json]:
        return await asyncio.gather(caller.story(yes.question, "approve"), caller.story(no.question, "deny"))

    approved, denied = asyncio.run(both())
    assert sentence_of(approved) == yes.yes
    assert denied["status"]["state"] == "TASK_STATE_REJECTED"


@pytest.mark.parametrize("application", [client_secrets.HR_AGENT, client_secrets.DIRECTORY])
def test_the_tenant_takes_no_secret_any_more(by_keys: System, application: str) -> None:
    """Else the endings above would prove nothing. Auth0 calls a proof it does not believe access_denied."""
    credentials = client_secrets.stand_in_clients()[application]
    answer = by_keys.http.post(
        f"{by_keys.stack['issuer']}oauth/token",
        data={
            "grant_type": "urn:openid:params:grant-type:ciba",
            "auth_req_id": "any",
            "client_id": credentials["client_id"],
            "client_secret": credentials["client_secret"],
        },
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "access_denied")


def test_no_function_knows_a_secret_of_the_tenants(by_keys: System) -> None:
    known = [c["client_secret"] for c in client_secrets.stand_in_clients().values()]
    functions = by_keys.aws("lambda").list_functions()["Functions"]
    variables = [f.get("Environment", {}).get("Variables", {}) for f in functions]
    assert any(v.get("HR_AGENT_AUTH0_CLIENT_KEY_ID") for v in variables)
    assert not any(v.get("HR_AGENT_AUTH0_CLIENT_SECRET_ID") for v in variables)
    secrets = by_keys.aws("secretsmanager").list_secrets()["SecretList"]
    held = [by_keys.aws("secretsmanager").get_secret_value(SecretId=s["ARN"])["SecretString"] for s in secrets]
    assert not {*known} & {*held}
