"""Who gets in, and what bad input gets: the protocol's own clear error, never a 5xx."""

from __future__ import annotations

import httpx
import pytest

from tests.e2e.system import System

CARD = "/.well-known/agent-card.json"


def test_the_card_is_public_and_cached(system: System) -> None:
    url = system.stack["agent_url"] + CARD
    card = system.http.get(url)
    assert card.json()["name"] == "Staff0 HR Agent"
    assert card.headers["cache-control"] == "public, max-age=300"
    again = system.http.get(url, headers={"If-None-Match": card.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/rpc", "/rpc/", "/v1/message:send"])
def test_without_a_token_there_is_a_challenge(system: System, path: str) -> None:
    answer = system.http.post(system.stack["agent_url"] + path, json={})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_without_the_scope_is_403_and_names_it(system: System) -> None:
    answer = system.caller("noscope").post("/message:send", {})
    assert answer.status_code == 403
    assert "read:employee_status" in answer.headers["www-authenticate"]


def test_the_hr_api_refuses_a_callers_token(system: System) -> None:
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
def test_bad_input_gets_a_clear_error(system: System, path: str, body: bytes, content_type: str) -> None:
    headers = system.caller().headers | {"Content-Type": content_type}
    answer = system.http.post(system.stack["agent_url"] + path, content=body, headers=headers)
    assert answer.status_code < 500
    assert error_of(answer)["message"]


def error_of(answer: httpx.Response) -> dict[str, object]:
    error: dict[str, object] = answer.json()["error"]
    return error


def test_an_unknown_path_is_a_404(system: System) -> None:
    answer = system.http.get(f"{system.stack['agent_url']}/v1/nothing", headers=system.caller().headers)
    assert answer.status_code == 404
