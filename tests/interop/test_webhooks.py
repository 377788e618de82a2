"""Clients that others wrote name a webhook and hear every change of the task, without asking again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from tests.interop.clients import CLIENTS, CLIENTS_0_3, Place
from tests.interop.scenarios import Stories, told
from tests.interop.update_assertions import CHANGES, inner, sentences, states
from tests.interop.webhook_client import CREDENTIALS, TOKEN, Hooked, hook
from tests.support.system import Json, System
from tests.support.webhook_receiver import Delivery, Receiver

MAKERS: Final = CLIENTS | CLIENTS_0_3
NAMES: Final = [name for name in MAKERS if "old card" not in name]
EVERY_CLIENT: Final = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def hooked(system: System, agent: Place) -> Iterator[Stories[Hooked]]:
    with Receiver() as receiver:
        yield told(NAMES, lambda name: hook(system, MAKERS[name](agent), receiver))


@EVERY_CLIENT
def test_it_reads_the_webhook_it_added(hooked: Stories[Hooked], name: str) -> None:
    seen = hooked[name]
    assert (seen.read["id"], seen.read["taskId"]) == (seen.added["id"], seen.asked["id"])
    assert seen.read["url"].endswith("/second")


@pytest.mark.parametrize("name", [name for name in NAMES if name != "a2a-sdk 0.3"])
def test_it_finds_a_webhook_in_the_list_until_it_deletes_it(hooked: Stories[Hooked], name: str) -> None:
    """a2a-sdk 0.3 can neither list nor delete: it reads what it set by its id, and sets another."""
    listed = hooked[name].listed
    assert listed is not None
    before, after = listed
    assert [webhook["url"].rpartition("/")[2] for webhook in before] == ["taken-back"]
    assert after == []


@pytest.mark.parametrize("name", CLIENTS)
def test_a_webhook_named_with_the_question_hears_every_change(hooked: Stories[Hooked], name: str) -> None:
    assert states(in_order(hooked[name].with_the_question)) in (CHANGES, CHANGES[1:])


@EVERY_CLIENT
def test_a_webhook_added_while_the_employee_decides_hears_the_end(hooked: Stories[Hooked], name: str) -> None:
    assert "completed" in states(in_order(hooked[name].afterwards))


@EVERY_CLIENT
def test_the_answer_comes_with_the_news(hooked: Stories[Hooked], name: str) -> None:
    assert hooked[name].person.yes in sentences(in_order(hooked[name].with_the_question))


@EVERY_CLIENT
def test_the_caller_can_tell_that_the_news_is_for_its_own_webhook(hooked: Stories[Hooked], name: str) -> None:
    """a2a-handler has no option for credentials, so it knows the news by the token alone."""
    for delivery in hooked[name].with_the_question + hooked[name].afterwards:
        assert delivery.headers["x-a2a-notification-token"] == TOKEN
        expected = None if name == "a2a-handler" else f"Bearer {CREDENTIALS}"
        assert delivery.headers.get("authorization") == expected


@pytest.mark.parametrize("name", CLIENTS)
def test_every_delivery_is_one_stream_response_with_its_place_in_the_order(hooked: Stories[Hooked], name: str) -> None:
    for delivery in hooked[name].with_the_question:
        assert delivery.headers["content-type"] == "application/a2a+json"
        assert len(delivery.body) == 1
        assert inner(delivery.body)["metadata"]["event_id"]


@pytest.mark.parametrize("name", [name for name in NAMES if name in CLIENTS_0_3])
def test_who_registered_by_0_3_hears_every_change_as_the_task_in_its_words(hooked: Stories[Hooked], name: str) -> None:
    bodies = [delivery.body for delivery in hooked[name].with_the_question]
    assert {body["kind"] for body in bodies} == {"task"}
    assert set(states(bodies)) >= set(CHANGES[1:])


def in_order(deliveries: list[Delivery]) -> list[Json]:
    """As the agent numbered them: retries and the network may mix them up."""
    numbered = {place_of(delivery): delivery.body for delivery in deliveries}
    return [numbered[place] for place in sorted(numbered)]


def place_of(delivery: Delivery) -> tuple[float, str]:
    metadata = inner(delivery.body)["metadata"]
    return metadata["sequence"], metadata["event_id"]
