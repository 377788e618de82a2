"""Public documents, access control, and the errors for invalid input: always an error of the protocol, never a 5xx."""

from __future__ import annotations

import asyncio

import httpx
import jwt
import pytest
from a2a.client.card_resolver import parse_agent_card
from a2a.utils.signing import create_signature_verifier

from tests.support.card_verification import verified_signatures
from tests.support.system import System, sentence_of

CARD, OLD_CARD, KEYS = "/.well-known/agent-card.json", "/.well-known/agent.json", "/.well-known/jwks.json"
METADATA = "/.well-known/oauth-protected-resource"
SEVERAL = 12  # requests, which reach each of the emulator's four processes of a function


def test_card_leads_to_the_guide(system: System) -> None:
    """Its file is a link in the source, which the build replaces by the document."""
    card = system.http.get(system.stack["agent_url"] + CARD).json()
    guide = system.http.get(card["documentationUrl"])
    assert guide.text.startswith("# For callers")
    assert guide.headers["content-type"].startswith("text/markdown")


@pytest.mark.parametrize("path", [CARD, OLD_CARD, KEYS])
def test_cards_and_keys_are_public_and_cached(system: System, path: str) -> None:
    url = system.stack["agent_url"] + path
    document = system.http.get(url)
    assert document.headers["cache-control"] == "public, max-age=300"
    for name, value in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")):
        again = system.http.get(url, headers={name: document.headers[value]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("version", ["", "0.3", "1.0"])
@pytest.mark.parametrize("path", [CARD, KEYS, METADATA, "/docs/callers.md"])
def test_each_process_of_the_agent_serves_the_same_bytes(system: System, path: str, version: str) -> None:
    """Otherwise an ETag of one is unknown to the others."""
    url = system.stack["agent_url"] + path
    served = {system.http.get(url, headers={"A2A-Version": version}).content for _ in range(SEVERAL)}
    assert len(served) == 1


def test_each_process_of_the_hr_api_serves_the_same_bytes(system: System) -> None:
    url = system.stack["hr_api_url"] + METADATA
    assert len({system.http.get(url).content for _ in range(SEVERAL)}) == 1


def test_card_is_signed_with_a_published_key(system: System) -> None:
    agent_url = system.stack["agent_url"]
    keys = jwt.PyJWKSet.from_dict(system.http.get(agent_url + KEYS).json())
    card = parse_agent_card(system.http.get(agent_url + CARD).json())
    create_signature_verifier(lambda kid, _jku: keys[str(kid)], ["ES256"])(card)
    assert card.name == "Staff0 HR Agent"
    assert {offer.url for offer in card.supported_interfaces} == {f"{agent_url}/rpc", f"{agent_url}/v1"}


@pytest.mark.parametrize("path", [CARD, OLD_CARD])
@pytest.mark.parametrize("version", ["", "0.3", "1.0"])
def test_card_verifies_as_served(system: System, path: str, version: str) -> None:
    agent_url = system.stack["agent_url"]
    card = system.http.get(agent_url + path, headers={"A2A-Version": version})
    assert verified_signatures(card.content, system.http.get(agent_url + KEYS).json())[0] == 0


def test_extended_card_needs_a_registered_caller(system: System) -> None:
    terms = system.caller().rpc("GetExtendedAgentCard", {})["result"]["capabilities"]["extensions"][1]["params"]
    assert terms["times"]["blocking_send_at_most_seconds"] == 20
    assert system.http.get(f"{system.stack['agent_url']}/v1/extendedAgentCard").status_code == 401


@pytest.mark.parametrize("path", ["/rpc", "/rpc/", "/v1/message:send"])
def test_missing_token_gets_a_challenge(system: System, path: str) -> None:
    answer = system.http.post(system.stack["agent_url"] + path, json={})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_metadata_leads_to_a_token(system: System) -> None:
    """A client with an id and a secret needs only the agent's URL (RFC 9728)."""
    agent_url = system.stack["agent_url"]
    metadata = system.http.get(f"{agent_url}/.well-known/oauth-protected-resource/v1/tasks").json()
    assert metadata["resource"] == f"{agent_url}/v1/tasks"
    [issuer] = metadata["authorization_servers"]
    server = system.http.get(f"{issuer}.well-known/openid-configuration").json()
    assert server["issuer"] == issuer
    form = {"audience": metadata["audience"], "scope": " ".join(metadata["scopes_supported"])}
    credentials = {"grant_type": "client_credentials", **system.stack["clients"]["acme"]}
    token = system.http.post(server["token_endpoint"], data=form | credentials).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "A2A-Version": "1.0"}
    assert system.http.get(metadata["resource"], headers=headers).status_code == 200


def test_metadata_of_hr_api(system: System) -> None:
    url = system.stack["hr_api_url"]
    for path in ("", "/employees/auth0%7Cjohn"):
        answer = system.http.get(f"{url}/.well-known/oauth-protected-resource{path}")
        assert (answer.json()["resource"], answer.json()["audience"]) == (url + path, system.stack["hr_api_audience"])
        assert system.http.head(str(answer.url)).status_code == 200


def test_missing_scope_is_named(system: System) -> None:
    answer = system.caller("noscope").post("/message:send", {})
    assert answer.status_code == 403
    assert "read:employee_status" in answer.headers["www-authenticate"]


def test_hr_api_rejects_the_token_of_a_caller(system: System) -> None:
    url = f"{system.stack['hr_api_url']}/employees/{system.stack['employees'][0]['sub']}"
    headers = {"Authorization": f"Bearer {system.token()}"}
    assert system.http.get(url, headers=headers).status_code in {401, 403}
    assert system.http.get(url).status_code == 401


@pytest.mark.parametrize("path", ["/rpc", "/v1/message:send"])
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b'{"message": 5}', "application/json"),
        (b'{"message": {"role": "ROLE_USER", "parts": []}}', "application/json"),
        (b"hello", "text/plain"),
        (b'"' + b"x" * 1_000_000 + b'"', "application/json"),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "Nonsense"}', "application/json"),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "GetTask", "params": {"id": 5}}', "application/json"),
    ],
)
def test_invalid_input_gets_an_error_of_the_protocol(system: System, path: str, body: bytes, content_type: str) -> None:
    headers = system.caller().headers | {"Content-Type": content_type}
    answer = system.http.post(system.stack["agent_url"] + path, content=body, headers=headers)
    assert answer.status_code < 500
    assert error_of(answer)["message"]


def error_of(answer: httpx.Response) -> dict[str, object]:
    error: dict[str, object] = answer.json()["error"]
    return error


def test_unknown_path_is_not_found(system: System) -> None:
    answer = system.http.get(f"{system.stack['agent_url']}/v1/nothing", headers=system.caller().headers)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "profile",
    [
        {"machine_token_dialect": "rfc9068_profile", "user_token_dialect": "rfc9068_profile_authz"},
        {"agent_identities": True, "user_token_dialect": "access_token_authz"},
        {
            "agent_identities": True,
            "machine_token_dialect": "rfc9068_profile",
            "user_token_dialect": "rfc9068_profile_authz",
        },
    ],
    ids=["RFC 9068", "agents", "agents, RFC 9068"],
)
def test_each_kind_of_token_is_accepted_from_question_to_answer(system: System, profile: dict[str, object]) -> None:
    """Auth0's access token profiles and agent identities, for the caller and for the employee."""
    url, employee = f"{system.stack['phone_url']}/api/face", system.hire()
    system.http.put(url, json=profile).raise_for_status()
    try:
        task = asyncio.run(system.caller().verification(employee.question, "approve"))
    finally:
        system.http.delete(url).raise_for_status()
    assert sentence_of(task) == employee.yes
