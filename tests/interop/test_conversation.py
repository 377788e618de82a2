"""Conversations with third-party clients of A2A 1.0: ask, wait, read the answer, list, cancel."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

from tests.interop.clients import CLIENTS, AgentAccess, handler
from tests.interop.conversation_scenario import ConversationRecord, hold_conversation
from tests.interop.scenarios import ScenarioResults, run_scenarios
from tests.support.system import System, data_of, sentence_of, texts_of

EVERY_CLIENT: Final = pytest.mark.parametrize("name", CLIENTS)


@pytest.fixture(scope="module")
def conversations(system: System, agent: AgentAccess) -> ScenarioResults[ConversationRecord]:
    return run_scenarios(CLIENTS, lambda name: hold_conversation(system, CLIENTS[name](agent)))


@EVERY_CLIENT
def test_card_has_both_bindings_and_the_token_url(
    system: System, conversations: ScenarioResults[ConversationRecord], name: str
) -> None:
    card = conversations[name].card
    assert {interface["protocolBinding"] for interface in card["supportedInterfaces"]} == {"JSONRPC", "HTTP+JSON"}
    flow = card["securitySchemes"]["tenant"]["oauth2SecurityScheme"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == f"{system.stack['issuer']}oauth/token"
    assert card["skills"][0]["id"] == "is_active_employee"


def test_card_is_valid_for_a2a_handler(agent: AgentAccess) -> None:
    result = asyncio.run(handler(agent).validate_card())
    assert result["valid"]
    assert "issues" not in result


@EVERY_CLIENT
def test_waiting_task_requires_authorization(conversations: ScenarioResults[ConversationRecord], name: str) -> None:
    task = conversations[name].asked
    assert task["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"
    assert task["status"]["message"]["metadata"]["code"]


@EVERY_CLIENT
def test_answer_has_sentence_and_data(conversations: ScenarioResults[ConversationRecord], name: str) -> None:
    task = conversations[name].answered
    assert task["status"]["state"] == "TASK_STATE_COMPLETED"
    assert sentence_of(task) == conversations[name].person.yes
    assert data_of(task)["confirmed"] is True


@EVERY_CLIENT
def test_texts_of_the_answer_are_the_sentence_alone(
    conversations: ScenarioResults[ConversationRecord], name: str
) -> None:
    """A client that joins all texts, or takes the last artifact, does not show the signed statement."""
    answered = conversations[name].answered
    assert texts_of(answered) == [conversations[name].person.yes]
    assert len(answered["artifacts"]) == 1


@EVERY_CLIENT
def test_list_has_the_task_with_its_answer(
    agent: AgentAccess, conversations: ScenarioResults[ConversationRecord], name: str
) -> None:
    answered = conversations[name].answered
    [listed] = asyncio.run(CLIENTS[name](agent).tasks(answered["contextId"]))
    assert listed["id"] == answered["id"]
    assert sentence_of(listed) == sentence_of(answered)


@EVERY_CLIENT
def test_send_without_wait_returns_submitted_task(
    conversations: ScenarioResults[ConversationRecord], name: str
) -> None:
    assert conversations[name].without_wait["status"]["state"] == "TASK_STATE_SUBMITTED"


@EVERY_CLIENT
def test_client_cancels_its_task(conversations: ScenarioResults[ConversationRecord], name: str) -> None:
    assert conversations[name].canceled["status"]["state"] == "TASK_STATE_CANCELED"


@EVERY_CLIENT
def test_late_cancel_is_the_clients_typed_error(conversations: ScenarioResults[ConversationRecord], name: str) -> None:
    assert conversations[name].error_of_late_cancel == "TaskNotCancelableError"


@EVERY_CLIENT
def test_unknown_task_is_the_clients_typed_error(conversations: ScenarioResults[ConversationRecord], name: str) -> None:
    assert conversations[name].error_of_unknown_task == "TaskNotFoundError"
