"""Conversations with third-party clients: ask, wait, read the answer, list, cancel. A2A 0.3 cannot list."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

import pytest

from tests.interop.clients import CLIENTS, CLIENTS_0_3, AgentAccess, handler
from tests.interop.conversation_scenario import ConversationRecord, hold_conversation
from tests.interop.scenarios import ScenarioResults, run_scenarios
from tests.interop.task_events import states
from tests.support.system import Json, System, data_of, sentence_of, texts_of

EVERY_CLIENT: Final = pytest.mark.parametrize("name", [*CLIENTS, *CLIENTS_0_3])
CLIENT_OF_1_0: Final = pytest.mark.parametrize("name", CLIENTS)

type Conversations = ScenarioResults[ConversationRecord]


@pytest.fixture(scope="module")
def conversations(system: System, agent: AgentAccess) -> Conversations:
    """Those of one version after those of the other, because all at once would ask too much of the stack."""
    clients = {**CLIENTS, **CLIENTS_0_3}

    def talk(name: str) -> Coroutine[Any, Any, ConversationRecord]:
        return hold_conversation(system, clients[name](agent))

    return run_scenarios(CLIENTS, talk) | run_scenarios(CLIENTS_0_3, talk)


def state_of(task: Json) -> str:
    """The state as A2A 0.3 writes it."""
    return states([{"task": task}])[0]


@CLIENT_OF_1_0
def test_card_has_both_bindings_and_the_token_url(system: System, conversations: Conversations, name: str) -> None:
    card = conversations[name].card
    assert {interface["protocolBinding"] for interface in card["supportedInterfaces"]} == {"JSONRPC", "HTTP+JSON"}
    flow = card["securitySchemes"]["tenant"]["oauth2SecurityScheme"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == f"{system.stack['issuer']}oauth/token"
    assert card["skills"][0]["id"] == "is_active_employee"


@pytest.mark.parametrize("name", CLIENTS_0_3)
def test_client_reads_the_0_3_card(system: System, conversations: Conversations, name: str) -> None:
    card = conversations[name].card
    assert card["protocolVersion"].startswith("0.3")
    assert (card["url"], card["preferredTransport"]) == (f"{system.stack['agent_url']}/rpc", "JSONRPC")
    flow = card["securitySchemes"]["tenant"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == f"{system.stack['issuer']}oauth/token"


def test_card_is_valid_for_a2a_handler(agent: AgentAccess) -> None:
    result = asyncio.run(handler(agent).validate_card())
    assert result["valid"]
    assert "issues" not in result


@EVERY_CLIENT
def test_waiting_task_requires_authorization(conversations: Conversations, name: str) -> None:
    task = conversations[name].asked
    assert state_of(task) == "auth-required"
    assert task["status"]["message"]["metadata"]["code"]


@EVERY_CLIENT
def test_answer_has_sentence_and_data(conversations: Conversations, name: str) -> None:
    task = conversations[name].answered
    assert state_of(task) == "completed"
    assert sentence_of(task) == conversations[name].person.yes
    assert data_of(task)["confirmed"] is True


@EVERY_CLIENT
def test_texts_of_the_answer_are_the_sentence_alone(conversations: Conversations, name: str) -> None:
    """A client that joins all texts, or takes the last artifact, does not show the signed statement."""
    answered = conversations[name].answered
    assert texts_of(answered) == [conversations[name].person.yes]
    assert len(answered["artifacts"]) == 1


@CLIENT_OF_1_0
def test_list_has_the_task_with_its_answer(agent: AgentAccess, conversations: Conversations, name: str) -> None:
    answered = conversations[name].answered
    [listed] = asyncio.run(CLIENTS[name](agent).tasks(answered["contextId"]))
    assert listed["id"] == answered["id"]
    assert sentence_of(listed) == sentence_of(answered)


@EVERY_CLIENT
def test_send_without_wait_returns_submitted_task(conversations: Conversations, name: str) -> None:
    assert state_of(conversations[name].without_wait) == "submitted"


@EVERY_CLIENT
def test_client_cancels_its_task(conversations: Conversations, name: str) -> None:
    assert state_of(conversations[name].canceled) == "canceled"


@EVERY_CLIENT
def test_late_cancel_is_the_clients_typed_error(conversations: Conversations, name: str) -> None:
    assert conversations[name].error_of_late_cancel == "TaskNotCancelableError"


@EVERY_CLIENT
def test_unknown_task_is_the_clients_typed_error(conversations: Conversations, name: str) -> None:
    assert conversations[name].error_of_unknown_task == "TaskNotFoundError"
