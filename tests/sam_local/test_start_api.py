"""The whole flow with `sam local start-api`: both APIs in Lambda containers, the state machine in the emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.support.waiting import PATIENCE_SECONDS, wait_until

if TYPE_CHECKING:
    from tests.sam_local.containers import Gateway
    from tests.support.system import System


def pending_requests(stack: dict[str, Any], code: str) -> list[dict[str, Any]]:
    pending = httpx.get(f"{stack['phone_url']}/api/requests").json()
    return [request for request in pending if code in request["binding_message"]]


def test_approved_question_is_answered(system: System, stack: dict[str, Any], gateway: Gateway) -> None:
    person = system.hire()
    task_id = gateway.ask(person.question)["id"]
    asked = gateway.wait_for_state(task_id, "TASK_STATE_AUTH_REQUIRED")
    code = asked["status"]["message"]["metadata"]["code"]
    [request] = wait_until(lambda: pending_requests(stack, code), bool)
    httpx.post(f"{stack['phone_url']}/api/requests/{request['id']}/approve").raise_for_status()
    answered = gateway.wait_for_state(task_id, "TASK_STATE_COMPLETED")
    sentence, data, _ = answered["artifacts"][0]["parts"]
    assert sentence["text"] == person.yes
    assert data["data"]["employee_active"] is True


def test_agent_card_needs_no_token(gateway: Gateway) -> None:
    response = httpx.get(f"{gateway.url}/.well-known/agent-card.json", timeout=PATIENCE_SECONDS)
    assert response.json()["name"] == "Staff0 HR Agent"


# sam local runs no JWT authorizer, so the functions themselves must reject the request.
@pytest.mark.parametrize("path", ["/rpc", "/employees/auth0%7Canyone"])
@pytest.mark.parametrize("authorization", [{}, {"Authorization": "Bearer not.a.token"}])
def test_missing_or_invalid_token_is_rejected(gateway: Gateway, path: str, authorization: dict[str, str]) -> None:
    method = "POST" if path == "/rpc" else "GET"
    response = httpx.request(method, f"{gateway.url}{path}", headers=authorization, timeout=PATIENCE_SECONDS)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_callers_token_cannot_read_an_employee(gateway: Gateway, stack: dict[str, Any]) -> None:
    employee = stack["employees"][0]["sub"]
    headers = {"Authorization": f"Bearer {gateway.token}"}
    response = httpx.get(f"{gateway.url}/employees/{employee}", headers=headers, timeout=PATIENCE_SECONDS)
    assert response.status_code == 401
