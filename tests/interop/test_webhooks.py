"""Third-party clients register webhooks, which get every change of the task."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from tests.interop.clients import CLIENTS, CLIENTS_0_3, AgentAccess
from tests.interop.scenarios import ScenarioResults, run_scenarios
from tests.interop.task_events import CHANGES, payload_of, sentences, states
from tests.interop.webhook_scenario import CREDENTIALS, TOKEN, WebhookRecord, use_webhooks
from tests.support.system import Json, System
from tests.support.webhook_receiver import Delivery, Receiver

ALL_CLIENTS: Final = CLIENTS | CLIENTS_0_3
NAMES: Final = [name for name in ALL_CLIENTS if "old card" not in name]
EVERY_CLIENT: Final = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def webhook_records(system: System, agent: AgentAccess) -> Iterator[ScenarioResults[WebhookRecord]]:
    with Receiver() as receiver:
        yield run_scenarios(NAMES, lambda name: use_webhooks(system, ALL_CLIENTS[name](agent), receiver))


@EVERY_CLIENT
def test_client_reads_the_webhook_it_created(webhook_records: ScenarioResults[WebhookRecord], name: str) -> None:
    seen = webhook_records[name]
    assert (seen.read["id"], seen.read["taskId"]) == (seen.created["id"], seen.asked["id"])
    assert seen.read["url"].endswith("/second")


@pytest.mark.parametrize("name", [name for name in NAMES if name != "a2a-sdk 0.3"])
def test_deleted_webhook_is_not_listed(webhook_records: ScenarioResults[WebhookRecord], name: str) -> None:
    """Without a2a-sdk 0.3, which can neither list nor delete webhooks."""
    listed = webhook_records[name].listed
    assert listed is not None
    before, after = listed
    assert [webhook["url"].rpartition("/")[2] for webhook in before] == ["deleted"]
    assert after == []


@pytest.mark.parametrize("name", CLIENTS)
def test_webhook_of_the_question_gets_every_change(webhook_records: ScenarioResults[WebhookRecord], name: str) -> None:
    assert states(in_order(webhook_records[name].deliveries_with_question)) in (CHANGES, CHANGES[1:])


@EVERY_CLIENT
def test_webhook_created_later_gets_the_end(webhook_records: ScenarioResults[WebhookRecord], name: str) -> None:
    assert "completed" in states(in_order(webhook_records[name].deliveries_to_created))


@EVERY_CLIENT
def test_notification_has_the_answer(webhook_records: ScenarioResults[WebhookRecord], name: str) -> None:
    assert webhook_records[name].person.yes in sentences(in_order(webhook_records[name].deliveries_with_question))


@EVERY_CLIENT
def test_notification_has_token_and_credentials(webhook_records: ScenarioResults[WebhookRecord], name: str) -> None:
    """a2a-handler has no option for credentials, so its webhook gets the token only."""
    for delivery in webhook_records[name].deliveries_with_question + webhook_records[name].deliveries_to_created:
        assert delivery.headers["x-a2a-notification-token"] == TOKEN
        expected = None if name == "a2a-handler" else f"Bearer {CREDENTIALS}"
        assert delivery.headers.get("authorization") == expected


@pytest.mark.parametrize("name", CLIENTS)
def test_delivery_is_one_stream_response_with_event_id(
    webhook_records: ScenarioResults[WebhookRecord], name: str
) -> None:
    for delivery in webhook_records[name].deliveries_with_question:
        assert delivery.headers["content-type"] == "application/a2a+json"
        assert len(delivery.body) == 1
        assert payload_of(delivery.body)["metadata"]["event_id"]


@pytest.mark.parametrize("name", [name for name in NAMES if name in CLIENTS_0_3])
def test_0_3_webhook_gets_every_change_as_a_task(webhook_records: ScenarioResults[WebhookRecord], name: str) -> None:
    bodies = [delivery.body for delivery in webhook_records[name].deliveries_with_question]
    assert {body["kind"] for body in bodies} == {"task"}
    assert set(states(bodies)) >= set(CHANGES[1:])


def in_order(deliveries: list[Delivery]) -> list[Json]:
    """Bodies by sequence and event id. Retries and the network may change the order of arrival."""
    by_position = {position_of(delivery): delivery.body for delivery in deliveries}
    return [by_position[position] for position in sorted(by_position)]


def position_of(delivery: Delivery) -> tuple[float, str]:
    metadata = payload_of(delivery.body)["metadata"]
    return metadata["sequence"], metadata["event_id"]
