"""Only a registered caller with a client-credentials token of the right scope has access."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from botocore.exceptions import EndpointConnectionError

from tests.support.a2a_test_client import Agent, HttpJson, JsonRpc, ProtocolError
from tests.support.fake_callers import KnownCallers, known
from tests.support.tokens import AGENT_AUDIENCE, HR_AUDIENCE, ISSUER, FakeKeys, machine_token, sign

PATHS = [("POST", "/rpc"), ("POST", "/rpc/"), ("GET", "/v1/tasks"), ("GET", "/v1/extendedAgentCard"), ("GET", "/docs")]

PERSON = {"iss": ISSUER, "sub": "auth0|jdoe", "aud": AGENT_AUDIENCE, "scope": "read:employee_status"}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "A2A-Version": "1.0"}


@pytest.mark.parametrize(("verb", "path"), PATHS)
async def test_missing_token_is_challenged(http: httpx.AsyncClient, verb: str, path: str) -> None:
    answer = await http.request(verb, path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert "error=" not in answer.headers["www-authenticate"]  # RFC 6750 3: no error code without a token


@pytest.mark.parametrize(
    "minted",
    [
        lambda: "junk",
        lambda: machine_token("acme-client", audience=HR_AUDIENCE),
        lambda: sign({"iss": "https://evil.example/", "sub": "acme-client@clients", "aud": AGENT_AUDIENCE}),
        lambda: sign({"iss": ISSUER, "sub": "acme-client@clients", "aud": AGENT_AUDIENCE, "exp": 1}),
        lambda: sign({"iss": ISSUER, "sub": "acme-client@clients", "aud": AGENT_AUDIENCE}, kid="unknown-client"),
    ],
    ids=["junk", "another audience", "another issuer", "expired", "another key"],
)
async def test_invalid_token_is_rejected(http: httpx.AsyncClient, minted: Callable[[], str]) -> None:
    token = minted()
    answer = await http.get("/v1/tasks", headers=bearer(token))
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert answer.json()["error"]["status"] == "UNAUTHENTICATED"
    assert token not in answer.text


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "acme-client@clients", "client_id": "acme-client", "jti": "x"},
        {
            "sub": "agt_1a2b3c",
            "client_id": "acme-client",
            "sub_profile": "ai_agent",
            "client_profile": "service ai_agent",
        },
        {"sub": "payroll", "azp": "acme-client", "sub_profile": "ai_agent"},
    ],
    ids=["RFC 9068", "agent", "agent with an id of its own"],
)
async def test_each_kind_of_machine_token_is_accepted(http: httpx.AsyncClient, claims: dict[str, object]) -> None:
    answer = await http.get("/v1/tasks", headers=bearer(sign({**PERSON, **claims})))
    assert answer.status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER  "])
async def test_scheme_in_any_case(http: httpx.AsyncClient, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {machine_token('acme-client')}", "A2A-Version": "1.0"}
    assert (await http.get("/v1/tasks", headers=headers)).status_code == 200


async def test_two_tokens_are_rejected(http: httpx.AsyncClient) -> None:
    """A gateway could have verified one of them, and the agent the other."""
    good = ("Authorization", f"Bearer {machine_token('acme-client')}")
    for second in (good, ("authorization", "Bearer junk")):
        answer = await http.get("/v1/tasks", headers=[good, second, ("A2A-Version", "1.0")])
        assert answer.status_code == 401
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_missing_scope_is_named(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/tasks", headers=bearer(machine_token("noscope-client", scope="")))
    assert answer.status_code == 403
    challenge = answer.headers["www-authenticate"]
    assert 'error="insufficient_scope"' in challenge
    assert 'scope="read:employee_status"' in challenge


@pytest.mark.parametrize(
    "minted",
    [
        lambda: machine_token("unknown-client"),
        lambda: sign(
            {"iss": ISSUER, "sub": "auth0|jdoe", "aud": AGENT_AUDIENCE, "azp": "acme-client"}
            | {"scope": "read:employee_status"}
        ),
        lambda: sign({**PERSON, "client_id": "acme-client"}),
        lambda: sign({**PERSON, "client_id": "acme-client", "sub_profile": "user", "client_profile": "ai_agent"}),
    ],
    ids=["an unregistered client", "a person who uses a registered client", "RFC 9068", "linked to an agent"],
)
async def test_unregistered_client_is_rejected(http: httpx.AsyncClient, minted: Callable[[], str]) -> None:
    answer = await http.post("/rpc", headers=bearer(minted()), json={})
    assert answer.status_code == 403
    assert answer.json()["jsonrpc"] == "2.0"
    assert answer.json()["error"]["message"]


async def test_disabled_caller_looks_unknown(http: httpx.AsyncClient, callers: KnownCallers) -> None:
    callers.callers["globex-client"] = known("globex-client", is_enabled=False)
    disabled, unknown = [
        await http.get("/v1/tasks", headers=bearer(machine_token(client)))
        for client in ("globex-client", "unknown-client")
    ]
    assert disabled.status_code == 403
    assert (disabled.json(), disabled.headers["www-authenticate"]) == (
        unknown.json(),
        unknown.headers["www-authenticate"],
    )


async def test_registry_outage_is_503(
    http: httpx.AsyncClient, callers: KnownCallers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_client_id: str) -> None:
        raise EndpointConnectionError(endpoint_url="https://dynamodb.example")

    monkeypatch.setattr(callers, "find", down)
    answer = await http.get("/v1/tasks", headers=bearer(machine_token("acme-client")))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


async def test_issuer_outage_is_503(http: httpx.AsyncClient, keys: FakeKeys) -> None:
    keys.available = False
    answer = await http.get("/v1/tasks", headers=bearer(machine_token("acme-client")))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


async def test_task_of_other_caller_is_not_found(agent: Agent, globex: Agent) -> None:
    task = await agent.send()
    with pytest.raises(ProtocolError, match="TASK_NOT_FOUND"):
        await globex.get(task["id"])
    with pytest.raises(ProtocolError, match="TASK_NOT_FOUND"):
        await globex.cancel(task["id"])
    with pytest.raises(ProtocolError, match="TASK_NOT_FOUND"):
        await globex.send(taskId=task["id"])
    assert (await globex.list(contextId=task["contextId"]))["totalSize"] == 0


async def test_same_owner_in_both_bindings(http: httpx.AsyncClient) -> None:
    token = machine_token("acme-client")
    task = await JsonRpc(http, token).send()
    assert (await HttpJson(http, token).get(task["id"]))["id"] == task["id"]
