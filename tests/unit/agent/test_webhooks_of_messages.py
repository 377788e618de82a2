"""Webhooks that come with a question or with a follow-up message."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from staff0.caller_registry import client_id_of
from staff0.tasks import PushConfig

from tests.support.a2a_test_client import BASE_URL, Agent, ProtocolError, message
from tests.support.webhook_credentials import CONFIG, URL


async def test_follow_ups_add_no_more_webhooks_than_a_task_has(agent: Agent) -> None:
    """Each write of the task is sent to all of them."""
    task = await agent.send("Does John Doe work at Staff0?")

    async def follow_up(number: int, webhook_id: str) -> None:
        webhook = {"id": webhook_id, "url": URL}
        asks = message("Hello?", f"f-{number}", taskId=task["id"])
        await agent.send_params({"message": asks, "configuration": {"taskPushNotificationConfig": webhook}})

    for number in range(5):
        await follow_up(number, f"c{number}")
    with pytest.raises(ProtocolError, match="INVALID_PARAMS"):
        await follow_up(5, "c5")
    await follow_up(6, "c4")
    assert len(await agent.list_webhooks(task["id"])) == 5


async def test_webhook_with_question_gets_every_event(
    agent: Agent, stored_configs: Callable[[str], list[PushConfig]]
) -> None:
    configuration = {"returnImmediately": True, "taskPushNotificationConfig": CONFIG}
    task = await agent.send_params({"message": message(), "configuration": configuration})
    [config] = stored_configs(task["id"])
    assert (config.url, config.since, config.protocol) == (URL, 0, "1.0")
    assert (config.agent_url, client_id_of(config.owner)) == (BASE_URL, "acme-client")  # what its signatures say
    await agent.send_params({"message": message(), "configuration": configuration})  # resent
    assert len(stored_configs(task["id"])) == 1


async def test_webhook_with_follow_up(agent: Agent, stored_configs: Callable[[str], list[PushConfig]]) -> None:
    opened = await agent.send("Does John Doe work at Staff0?")
    configuration = {"returnImmediately": True, "taskPushNotificationConfig": CONFIG}
    follow_up = message("jdoe@staff0.com", "m-2", taskId=opened["id"])
    await agent.send_params({"message": follow_up, "configuration": configuration})
    [config] = stored_configs(opened["id"])
    assert config.since == 1


async def test_webhook_without_credentials(agent: Agent, stored_configs: Callable[[str], list[PushConfig]]) -> None:
    task = await agent.send()
    assert "authentication" not in await agent.create_webhook(task["id"], url=URL)
    [config] = stored_configs(task["id"])
    assert config.encrypted_credentials is None


async def test_message_that_is_refused_at_once_saves_no_webhook(
    agent: Agent, stored_configs: Callable[[str], list[PushConfig]]
) -> None:
    """Its answer is the notification. Otherwise free messages would have us post to strangers' servers."""
    configuration = {"returnImmediately": True, "taskPushNotificationConfig": CONFIG}
    task = await agent.send_params({"message": message("How are you?"), "configuration": configuration})
    assert task["status"]["state"] == "TASK_STATE_REJECTED"
    assert stored_configs(task["id"]) == []
    with pytest.raises(ProtocolError, match="UNSUPPORTED_OPERATION"):
        await agent.create_webhook(task["id"], url=URL)


async def test_task_that_was_withdrawn_before_its_question_takes_no_webhook(agent: Agent) -> None:
    task = await agent.send("Does John Doe work at Staff0?")
    await agent.create_webhook(task["id"], url=URL)  # it waits for its caller
    await agent.cancel(task["id"])
    with pytest.raises(ProtocolError, match="UNSUPPORTED_OPERATION"):
        await agent.create_webhook(task["id"], url=URL + "b")


async def test_ended_task_with_a_question_takes_a_webhook(
    agent: Agent, stored_configs: Callable[[str], list[PushConfig]]
) -> None:
    """It may have ended while the caller registered: the webhook gets the task as it stands."""
    task = await agent.send()
    await agent.cancel(task["id"])
    await agent.create_webhook(task["id"], url=URL)
    assert len(stored_configs(task["id"])) == 1
