"""Webhooks belong to a task of their caller, and their credentials are never returned."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from staff0.tasks import PushConfig, TaskState

from tests.support.a2a_test_client import Agent, HttpJson, JsonRpc, ProtocolError, message
from tests.support.moto_differences import canceled_transactions
from tests.support.webhook_credentials import CONFIG, URL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient


async def test_create_get_list_delete(agent: Agent) -> None:
    task = await agent.send()
    created = await agent.create_webhook(task["id"], id="mine", **CONFIG)
    shown = {"id": "mine", "taskId": task["id"], "url": URL, "authentication": {"scheme": "Bearer"}}
    assert created == shown
    assert await agent.get_webhook(task["id"], "mine") == shown
    assert await agent.list_webhooks(task["id"]) == [shown]
    await agent.delete_webhook(task["id"], "mine")
    await agent.delete_webhook(task["id"], "mine")  # again changes nothing (A2A 3.1.10)
    assert await agent.list_webhooks(task["id"]) == []
    with pytest.raises(ProtocolError, match="TASK_NOT_FOUND"):
        await agent.get_webhook(task["id"], "mine")


async def test_credentials_are_encrypted_and_not_returned(
    agent: Agent, kms: KMSClient, stored_configs: Callable[[str], list[PushConfig]], dynamodb: DynamoDBClient
) -> None:
    task = await agent.send()
    answers = [await agent.create_webhook(task["id"], id="mine", **CONFIG), await agent.get_webhook(task["id"], "mine")]
    assert "canary" not in json.dumps(answers) + str(dynamodb.scan(TableName="tasks")["Items"])
    [config] = stored_configs(task["id"])
    decrypted = kms.decrypt(
        CiphertextBlob=config.encrypted_credentials or b"", EncryptionContext={"task_id": task["id"]}
    )
    assert json.loads(decrypted["Plaintext"]) == {"token": "canary-token", "credentials": "canary-credentials"}


async def test_same_url_is_stored_once(agent: Agent) -> None:
    task = await agent.send()
    first, second = [await agent.create_webhook(task["id"], url=URL) for _ in range(2)]
    assert first["id"] == second["id"]
    assert len(await agent.list_webhooks(task["id"])) == 1


async def test_number_of_webhooks_is_limited(agent: Agent) -> None:
    task = await agent.send()
    for number in range(5):
        await agent.create_webhook(task["id"], id=f"c{number}", url=URL)
    with pytest.raises(ProtocolError, match="INVALID_PARAMS"):
        await agent.create_webhook(task["id"], id="c5", url=URL)
    changed = await agent.create_webhook(task["id"], id="c4", url="https://hooks.example.com/elsewhere")
    assert changed["url"].endswith("elsewhere")


async def test_task_of_other_caller_is_not_found(agent: Agent, globex: Agent) -> None:
    task = await agent.send()
    await agent.create_webhook(task["id"], id="mine", url=URL)
    for call in (
        globex.create_webhook(task["id"], id="theirs", url=URL),
        globex.get_webhook(task["id"], "mine"),
        globex.list_webhooks(task["id"]),
        globex.delete_webhook(task["id"], "mine"),
        globex.list_webhooks("no-such-task"),
    ):
        with pytest.raises(ProtocolError, match="TASK_NOT_FOUND"):
            await call
    assert len(await agent.list_webhooks(task["id"])) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"url": "http://hooks.example.com/"},
        {"url": "https://169.254.169.254/latest/meta-data"},
        {"url": "http://127.0.0.1:8000/"},
        {"url": "https://hooks.example.com:8443/"},
        {"url": "https://hooks.example.com:0/"},
        {"url": ""},
        {"id": "i" * 1_000},
        {"id": "\uffff"},
        {"id": "\ufffe"},
        {"id": "a\0"},
        {"id": "\x1b[31m"},
        {"token": "two\r\nlines"},
        {"token": "t\uffff"},
        {"token": '"' * 2_500},  # as JSON twice as long, and too long for KMS
        {"authentication": {"scheme": "Bearer", "credentials": "\\" * 2_500}},
        {"authentication": {"scheme": "Bearer\uffff", "credentials": "a"}},
        {"authentication": {"scheme": "Bearer\0"}},
        {"token": "t" * 4_000},
        {"token": "caf\N{LATIN SMALL LETTER E WITH ACUTE}"},
        {"authentication": {"scheme": "Bearer", "credentials": "a\nb"}},
        {"authentication": {"scheme": "Bear er", "credentials": "a"}},
        {"authentication": {"scheme": "", "credentials": "a"}},
        {"authentication": {"scheme": "Bearer", "credentials": " a"}},
    ],
)
async def test_invalid_webhook_is_rejected(agent: Agent, change: dict[str, Any]) -> None:
    task = await agent.send()
    with pytest.raises(ProtocolError, match="INVALID_PARAMS"):
        await agent.create_webhook(task["id"], **{**CONFIG, **change})
    with pytest.raises(ProtocolError, match="INVALID_PARAMS"):
        config = {"taskPushNotificationConfig": {**CONFIG, **change}}
        await agent.send_params({"message": message(message_id="m-2"), "configuration": config})
    assert (await agent.list())["totalSize"] == 1
    assert await agent.list_webhooks(task["id"]) == []


async def test_long_id_is_not_found(agent: Agent) -> None:
    task = await agent.send()
    with pytest.raises(ProtocolError, match="TASK_NOT_FOUND"):
        await agent.get_webhook(task["id"], "i" * 1_000)
    await agent.delete_webhook(task["id"], "i" * 1_000)


async def webhook_page(agent: Agent, task_id: str, **query: Any) -> tuple[list[str], str]:
    """The ids of the page's webhooks, and the token of the next page."""
    if isinstance(agent, JsonRpc):
        listed = await agent.call("ListTaskPushNotificationConfigs", {"taskId": task_id, **query})
    else:
        assert isinstance(agent, HttpJson)
        listed = await agent.call("GET", f"/tasks/{task_id}/pushNotificationConfigs", params=query)
    return [config["id"] for config in listed.get("configs", [])], listed.get("nextPageToken", "")


@pytest.mark.parametrize("query", [{"pageToken": "next"}, {"pageToken": "é"}, {"pageSize": -1}, {"pageSize": 2**40}])
async def test_invalid_page_is_rejected(agent: Agent, query: Any) -> None:
    task = await agent.send()
    with pytest.raises(ProtocolError, match="INVALID_PARAMS"):
        await agent.list_webhooks(task["id"], **query)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
async def test_pages_have_all_webhooks_once(agent: Agent, size: int) -> None:
    """The page size was ignored, and the answer had more than the client asked for."""
    task, ids = await agent.send(), ["a", "é/+", "b", "b1"]
    for config_id in ids:
        await agent.create_webhook(task["id"], id=config_id, url=URL)
    found, token = list[str](), ""
    while True:
        page, token = await webhook_page(agent, task["id"], pageSize=size, pageToken=token)
        assert len(page) <= size
        found += page
        if not token:
            break
    assert found == sorted(ids)
    assert len(await agent.list_webhooks(task["id"], pageSize=0)) == 4


async def test_later_webhook_starts_at_current_version(
    agent: Agent, advance: Callable[..., object], stored_configs: Callable[[str], list[PushConfig]]
) -> None:
    task = await agent.send()
    advance(task["id"], TaskState.WORKING)
    await agent.create_webhook(task["id"], url=URL)
    [config] = stored_configs(task["id"])
    assert config.since == 2


async def test_webhook_is_saved_while_workflow_writes_task(agent: Agent, dynamodb: DynamoDBClient) -> None:
    task = await agent.send()
    with canceled_transactions(dynamodb, ["TransactionConflict", "None"], ["TransactionConflict", "None"]) as left:
        await agent.create_webhook(task["id"], id="mine", url=URL)
    assert not left
    assert [config["id"] for config in await agent.list_webhooks(task["id"])] == ["mine"]


async def test_throttled_write_is_not_repeated(agent: Agent, dynamodb: DynamoDBClient) -> None:
    task = await agent.send()
    throttled = ["TransactionConflict", "ThrottlingError"]
    with canceled_transactions(dynamodb, throttled, throttled) as left, pytest.raises(ProtocolError) as error:
        await agent.create_webhook(task["id"], id="mine", url=URL)
    assert error.value.status == 503
    assert left == [throttled]
