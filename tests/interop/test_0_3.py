"""Clients from before A2A 1.0 get along with the agent as with one of their own time. 0.3 has no list of tasks."""

from __future__ import annotations

from typing import Final

import pytest

from tests.interop.clients import CLIENTS_0_3, Place
from tests.interop.conversation import Conversation, converse
from tests.interop.scenarios import Stories, told
from tests.support.system import System, data_of, sentence_of

EVERY_CLIENT: Final = pytest.mark.parametrize("name", CLIENTS_0_3)


@pytest.fixture(scope="module")
def conversations(system: System, agent: Place) -> Stories[Conversation]:
    return told(CLIENTS_0_3, lambda name: converse(system, CLIENTS_0_3[name](agent)))


@EVERY_CLIENT
def test_it_finds_its_own_words_on_the_card(system: System, conversations: Stories[Conversation], name: str) -> None:
    card = conversations[name].card
    assert card["protocolVersion"].startswith("0.3")
    assert (card["url"], card["preferredTransport"]) == (f"{system.stack['agent_url']}/rpc", "JSONRPC")
    flow = card["securitySchemes"]["tenant"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == f"{system.stack['issuer']}oauth/token"


@EVERY_CLIENT
def test_it_sees_that_somebody_has_to_approve(conversations: Stories[Conversation], name: str) -> None:
    assert conversations[name].asked["status"]["state"] == "auth-required"


@EVERY_CLIENT
def test_it_reads_the_answer_as_a_sentence_and_as_data(conversations: Stories[Conversation], name: str) -> None:
    task = conversations[name].answered
    assert task["status"]["state"] == "completed"
    assert sentence_of(task) == conversations[name].person.yes
    assert data_of(task)["employee_active"] is True


@EVERY_CLIENT
def test_it_need_not_wait_for_the_employee(conversations: Stories[Conversation], name: str) -> None:
    assert conversations[name].at_once["status"]["state"] == "submitted"


@EVERY_CLIENT
def test_it_cancels_what_it_asked(conversations: Stories[Conversation], name: str) -> None:
    assert conversations[name].canceled["status"]["state"] == "canceled"


@EVERY_CLIENT
def test_cancelling_too_late_is_the_clients_own_error(conversations: Stories[Conversation], name: str) -> None:
    assert conversations[name].cancel_too_late == "TaskNotCancelableError"


@EVERY_CLIENT
def test_an_unknown_task_is_the_clients_own_error(conversations: Stories[Conversation], name: str) -> None:
    assert conversations[name].unknown == "TaskNotFoundError"
