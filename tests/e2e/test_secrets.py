"""No secret lies in clear anywhere after every flow and on bad days: looked for by its very value, in every place."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import jwt
import pytest

from local.cli.paths import CLIENT_SECRETS, LOGS
from tests.support.system import Json, System, code_of
from tests.support.webhook_receiver import Receiver

JWT = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+", re.ASCII)
WEBHOOK = {
    "token": "canary-token-7f3a9",
    "authentication": {"scheme": "Bearer", "credentials": "canary-credentials-1c5d"},
}


def without_statements(text: str) -> str:
    """The text without the signed statements in it, which are the caller's to keep."""

    def kept(found: re.Match[str]) -> str:
        is_statement = jwt.get_unverified_header(found[0]).get("typ") == "employment-attestation+jwt"
        return "" if is_statement else found[0]

    return JWT.sub(kept, text)


def holds_statements(item: Mapping[str, Any]) -> bool:
    return str(item.get("sk", {}).get("S", "")).startswith(("TASK#", "EVENT#"))


def forms(secret: str) -> set[str]:
    """How a secret may lie about: as it is, in base64 or hex, and for a token its parts alone."""
    raw = secret.encode()
    parts = {part for part in secret.split(".") if len(part) > 20 and not part.startswith("eyJhbGci")}
    encoded = {base64.b64encode(raw).decode().rstrip("="), base64.urlsafe_b64encode(raw).decode().rstrip("=")}
    return {secret, raw.hex(), *encoded, *parts}


@pytest.fixture(scope="module")
def played(system: System) -> list[Json]:
    """Every flow, and a day on which everybody around fails and echoes; the tasks as their caller has them."""
    caller, people = system.caller(), system.hire_many(6)
    with Receiver(refuse=1) as receiver:
        hooked = caller.send(
            caller.message(people[0].question), taskPushNotificationConfig={"url": receiver.url("/hook"), **WEBHOOK}
        )
        system.answer(code_of(hooked), "approve")
        ended = [asyncio.run(caller.ended(hooked))]
    for person, answer in zip(people[1:3], ("approve", "deny"), strict=True):
        ended.append(asyncio.run(caller.story(person.question, answer)))
    canceled = caller.ask(people[3].question)
    caller.post(f"/tasks/{canceled['id']}:cancel", {}).raise_for_status()
    ended.append(caller.get(canceled["id"]).json())
    faults = f"{system.stack['phone_url']}/api/faults"
    echo = {"error": "server_error", "error_description": "Bearer canary-echo-55e1"}
    for path, times in (("/oauth/token", 2), ("/bc-authorize", 1)):
        system.http.post(faults, json={"path": path, "status": 500, "body": echo, "times": times}).raise_for_status()
        ended.append(asyncio.run(caller.story(people[4 + (path == "/bc-authorize")].question, None)))
    system.http.delete(faults).raise_for_status()
    return ended


@pytest.fixture(scope="module")
def secrets(system: System, played: list[Json]) -> set[str]:
    """What the tenant gave out, what applications prove themselves by, and what receivers know us by."""
    issued = system.http.get(f"{system.stack['phone_url']}/api/issued").raise_for_status().json()
    clients = [client["client_secret"] for client in json.loads(CLIENT_SECRETS.read_text()).values()]
    known_by = [WEBHOOK["token"], "canary-credentials-1c5d", "canary-echo-55e1"]
    assert len(issued) > 10
    return {form for secret in [*issued, *clients, *known_by] for form in forms(secret)}


def places(system: System, played: list[Json]) -> Iterator[tuple[str, str]]:
    """Every place where something is left, and its text."""
    stack = system.stack
    yield "tasks as their caller reads them", without_statements(json.dumps(played))
    with closing(system.aws("stepfunctions")) as machine:
        for task in played:
            execution = stack["state_machine_arn"].replace(":stateMachine:", ":execution:") + ":" + task["id"]
            history = machine.get_execution_history(executionArn=execution, maxResults=1000)["events"]
            yield "execution history", json.dumps(history, default=str)
    with closing(system.aws("dynamodb")) as dynamodb:
        for table in dynamodb.list_tables()["TableNames"]:
            items = [
                item for page in dynamodb.get_paginator("scan").paginate(TableName=table) for item in page["Items"]
            ]
            # A signed card is public, and its header is JSON in base64, too.
            private = [item for item in items if not item.get("pk", {}).get("S", "").startswith("ONCE#")]
            yield f"table {table}", without_statements(str([item for item in private if holds_statements(item)]))
            yield f"table {table}", str([item for item in private if not holds_statements(item)])
    with closing(system.aws("sqs")) as sqs:
        for url in sqs.list_queues()["QueueUrls"]:
            found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
            yield f"queue {url}", str(found.get("Messages", ""))
    with closing(system.aws("logs")) as logs:
        for group in logs.describe_log_groups()["logGroups"]:
            for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"]):
                yield f"log {group['logGroupName']}", str([event["message"] for event in page["events"]])
    for log in LOGS.glob("*.log"):
        yield f"log {log.name}", log.read_text(errors="replace")


def test_no_secret_lies_in_clear_anywhere(system: System, played: list[Json], secrets: set[str]) -> None:
    looked_at = set()
    for where, text in places(system, played):
        looked_at.add(where.split()[0])
        assert "eyJ" not in text, f"a JWT lies in clear in {where}"
        assert not any(secret in text for secret in secrets), f"a secret lies in clear in {where}"
    assert looked_at == {"tasks", "execution", "table", "queue", "log"}


def test_the_search_finds_what_lies_in_the_open(system: System, played: list[Json], secrets: set[str]) -> None:
    """Else the silence of the other test would say nothing."""
    issued = system.http.get(f"{system.stack['phone_url']}/api/issued").json()[-1]
    item = {"pk": {"S": "CANARY"}, "sk": {"S": "CANARY"}, "sealed": {"B": base64.b64encode(issued.encode())}}
    key = {name: item[name] for name in ("pk", "sk")}
    with closing(system.aws("dynamodb")) as dynamodb:
        dynamodb.put_item(TableName=system.stack["tasks_table"], Item=item)
        try:
            found = [where for where, text in places(system, played) if any(secret in text for secret in secrets)]
        finally:
            dynamodb.delete_item(TableName=system.stack["tasks_table"], Key=key)
    assert found == [f"table {system.stack['tasks_table']}"]


def test_no_person_stands_in_an_execution_history(system: System, played: list[Json]) -> None:
    histories = [text for where, text in places(system, played) if where == "execution history"]
    assert histories
    assert not any("staff0.com" in text for text in histories)


def test_the_sealed_token_is_gone_once_the_task_has_ended(system: System, played: list[Json]) -> None:
    with closing(system.aws("dynamodb")) as dynamodb:
        for task in played:
            key = {"pk": {"S": f"TASK#{task['id']}"}, "sk": {"S": "APPROVAL"}}
            item = dynamodb.get_item(TableName=system.stack["tasks_table"], Key=key)["Item"]
            approval = json.loads(item["data"]["S"])
            assert approval["sealed_token"] is None
            assert approval["sealed_auth_req_id"] is None
