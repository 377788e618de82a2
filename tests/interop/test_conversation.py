"""Clients that others wrote ask, wait, read the answer, list and cancel by their own public API."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

from tests.interop.clients import CLIENTS, Place, handler
from tests.interop.conversation import Conversation, converse
from tests.interop.scenarios import Stories, told
from tests.support.system import System, data_of, sentence_of

EVERY_CLIENT: Final = pytest.mark.parametrize("name", CLIENTS)


@pytest.fixture(scope="module")
def conversations(system: System, agent: Place) -> Stories[Conversation]:
    return told(CLIENTS, lambda name: converse(system, CLIENTS[name](agent)))


@EVERY_CLIENT
def test_it_finds_both_bindings_and_the_way_to_a_token_on_the_card(
    system: System, conversations: Stories[Conversation], name: str
) -> None:
    card = conversations[name].card
    assert {interface["protocolBinding"] for interface in card["supportedInterfaces"]} == {"JSONRPC", "HTTP+JSON"}
    flow = card["securitySchemes"]["tenant"]["oauth2SecurityScheme"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == f"{system.stack['issuer']}oauth/token"
    assert card["skills"][0]["id"] == "is_active_employee"


def test_a_linter_of_cards_finds_nothing_wrong(agent: Place) -> None:
    verdict = asyncio.run(handler(agent).validate())
    assert verdict["valid"]
    assert "issues" not in verdict


@EVERY_CLIENT
def test_it_sees_that_somebody_has_to_approve(conversations: Stories[Conversation], name: str) -> None:
    task = conversations[name].asked
    assert task["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"
    assert task["status"]["message"]["metadata"]["code"]


@EVERY_CLIENT
def test_it_reads_the_answer_as_a_sentence_and_as_data(conversations: Stories[Conversation], name: str) -> None:
    task = conversations[name].answered
    assert task["status"]["state"] == "TASK_STATE_COMPLETED"
    assert sentence_of(task) == conversations[name].person.yes
    assert data_of(task)["employee_active"] is True


@EVERY_CLIENT
def test_it_lists_the_conversation_with_its_answer(
    agent: Place, conversations: Stories[Conversation], name: str
) -> None:
    answered = conversations[name].answered
    [listed] = asyncio.run(CLIENTS[name](agent).tasks(answered["contextId"]))
    assert listed["id"] == answered["id"]
    assert sentence_of(listed) == sentence_of(answered)


@EVERY_CLIENT
def test_it_need_not_wait_for_the_employee(conversations: Stories[Conversation], name: str) -> None:
    assert conversations[name].at_once["status"]["state"] == "TASK_STATE_SUBMITTED"


@EVERY_CLIENT
def test_it_cancels_what_it_asked(conversations: Stories[Conversation], name: str) -> None:
    assert conversations[name].canceled["status"]["state"] == "TASK_STATE_CANCELED"


@EVERY_CLIENT
def test_cancelling_too_late_is_the_clients_own_error(conversations: Stories[Conversation], name: str) -> None:
    assert conversations[name].cancel_too_late == "TaskNotCancelableError"


@EVERY_CLIENT
def test_an_unknown_task_is_the_clients_own_error(conversations: Stories[Conversation], name: str) -> None:
    assert conversations[name].unknown == "TaskNotFoundError"
