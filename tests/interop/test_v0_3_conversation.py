"""Conversations with clients of A2A 0.3, which has no method to list tasks."""

from __future__ import annotations

from typing import Final

import pytest

from tests.interop.clients import CLIENTS_0_3, AgentAccess
from tests.interop.conversation_scenario import ConversationRecord, hold_conversation
from tests.interop.scenarios import ScenarioResults, run_scenarios
from tests.support.system import System, data_of, sentence_of, texts_of

EVERY_CLIENT: Final = pytest.mark.parametrize("name", CLIENTS_0_3)


@pytest.fixture(scope="module")
def conversations(system: System, agent: AgentAccess) -> ScenarioResults[ConversationRecord]:
    return run_scenarios(CLIENTS_0_3, lambda name: hold_conversation(system, CLIENTS_0_3[name](agent)))


@EVERY_CLIENT
def test_client_reads_the_0_3_card(
    system: System, conversations: ScenarioResults[ConversationRecord], name: str
) -> None:
    card = conversations[name].card
    assert card["protocolVersion"].startswith("0.3")
    assert (card["url"], card["preferredTransport"]) == (f"{system.stack['agent_url']}/rpc", "JSONRPC")
    flow = card["securitySchemes"]["tenant"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == f"{system.stack['issuer']}oauth/token"


@EVERY_CLIENT
def test_waiting_task_requires_authorization(conversations: ScenarioResults[ConversationRecord], name: str) -> None:
    assert conversations[name].asked["status"]["state"] == "auth-required"


@EVERY_CLIENT
def test_answer_has_sentence_and_data(conversations: ScenarioResults[ConversationRecord], name: str) -> None:
    task = conversations[name].answered
    assert task["status"]["state"] == "completed"
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
def test_send_without_wait_returns_submitted_task(
    conversations: ScenarioResults[ConversationRecord], name: str
) -> None:
    assert conversations[name].without_wait["status"]["state"] == "submitted"


@EVERY_CLIENT
def test_client_cancels_its_task(conversations: ScenarioResults[ConversationRecord], name: str) -> None:
    assert conversations[name].canceled["status"]["state"] == "canceled"


@EVERY_CLIENT
def test_late_cancel_is_the_clients_typed_error(conversations: ScenarioResults[ConversationRecord], name: str) -> None:
    assert conversations[name].error_of_late_cancel == "TaskNotCancelableError"


@EVERY_CLIENT
def test_unknown_task_is_the_clients_typed_error(conversations: ScenarioResults[ConversationRecord], name: str) -> None:
    assert conversations[name].error_of_unknown_task == "TaskNotFoundError"
