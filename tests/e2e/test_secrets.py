"""After every flow, no secret is stored or logged in clear: the tests search all places for the values themselves."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import httpx
import jwt
import pytest

from local.cli.paths import CLIENT_SECRETS, LOGS
from tests.support.page_visitor import PageVisitor
from tests.support.system import Caller, Employee, Json, System, code_of
from tests.support.webhook_receiver import Receiver

pytestmark = pytest.mark.alone  # its faults would hit the requests of other tests

# With a signature of ES256, which has 86 characters; in a stored task the next field follows without a delimiter.
JWT = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{86}", re.ASCII)
WEBHOOK = {
    "token": "canary-token-7f3a9",
    "authentication": {"scheme": "Bearer", "credentials": "canary-credentials-1c5d"},
}
ECHO = {"error": "server_error", "error_description": "Bearer canary-echo-55e1"}


def without_statements(text: str) -> str:
    """The text without signed statements, which the caller is meant to keep."""

    def kept(found: re.Match[str]) -> str:
        is_statement = jwt.get_unverified_header(found[0]).get("typ") == "employment-attestation+jwt"
        return "" if is_statement else found[0]

    return JWT.sub(kept, text)


def holds_statements(item: Mapping[str, Any]) -> bool:
    return str(item.get("sk", {}).get("S", "")).startswith(("TASK", "EVENT#"))


def forms(secret: str) -> set[str]:
    """The encodings of a secret to search for: plain, base64, hex, and the single parts of a token."""
    raw = secret.encode()
    parts = {part for part in secret.split(".") if len(part) > 20 and not part.startswith("eyJhbGci")}
    encoded = {base64.b64encode(raw).decode().rstrip("="), base64.urlsafe_b64encode(raw).decode().rstrip("=")}
    return {secret, raw.hex(), *encoded, *parts}


@pytest.fixture(scope="module")
def ended_tasks(system: System) -> list[Json]:
    """The tasks of all flows, and of flows during outages in which the identity provider repeats what it was sent."""
    caller, people = system.caller(), system.hire_many(6)

    async def usual_flows() -> list[Json]:
        tasks = await asyncio.gather(
            with_webhook(caller, people[0]),
            caller.verification(since_when(people[1]), "approve"),
            caller.verification(people[2].question, "deny"),
            asyncio.to_thread(canceled, caller, people[3]),
        )
        return list(tasks)

    def flows_in_an_outage() -> list[Json]:
        fail("/oauth/token", times=2)
        answered = asyncio.run(caller.verification(people[4].question, "deny"))
        fail("/bc-authorize")
        return [answered, canceled(caller, people[5])]

    def fail(path: str, times: int = 1) -> None:
        fault = {"path": path, "status": 500, "body": ECHO, "times": times}
        system.http.post(faults, json=fault).raise_for_status()

    faults = f"{system.stack['phone_url']}/api/faults"
    tasks = asyncio.run(usual_flows()) + flows_in_an_outage()
    system.http.delete(faults).raise_for_status()
    return tasks


async def with_webhook(caller: Caller, person: Employee) -> Json:
    with Receiver(refuse=1) as receiver:
        config = {"url": receiver.url("/hook"), **WEBHOOK}
        task = await asyncio.to_thread(caller.send, caller.message(person.question), taskPushNotificationConfig=config)
        await asyncio.to_thread(caller.system.answer, code_of(task), "approve")
        return await caller.ended(task)


def since_when(person: Employee) -> str:
    """The second question, whose approval names more facts."""
    return f"Since when does {person.name} with email {person.email} work at Staff0, and in which role?"


@pytest.fixture(scope="module")
def page_secrets(system: System) -> set[str]:
    """The code and the cookies of a log-in at the employees' page, while its session is open."""
    found: set[str] = set()

    def note(response: httpx.Response) -> None:
        if response.url.path == "/callback":
            found.add(response.url.params["code"])
        if str(response.url).startswith(system.stack["employee_page_url"]):
            found.update(cookie.value or "" for cookie in response.cookies.jar)

    with PageVisitor(system) as visitor:
        visitor.http.event_hooks["response"].append(note)
        visitor.log_in(system.hire().sub)
        visitor.press("Switch all questions off")
    kept = {secret for secret in found if len(secret) > 20}  # a cookie that is deleted has no value
    assert len(kept) == 3
    return kept


def canceled(caller: Caller, person: Employee) -> Json:
    task_id = caller.ask(person.question)["id"]
    caller.post(f"/tasks/{task_id}:cancel", {}).raise_for_status()
    task: Json = caller.get(task_id).json()
    return task


@pytest.fixture(scope="module")
def secrets(system: System, ended_tasks: list[Json], page_secrets: set[str]) -> set[str]:
    """All forms of the tokens issued, the client secrets, the webhook credentials and the secrets of a log-in."""
    issued = system.http.get(f"{system.stack['phone_url']}/api/issued").raise_for_status().json()
    applications = json.loads(CLIENT_SECRETS.read_text()).values()
    clients = [secret for each in applications if (secret := each.get("client_secret"))]  # the page's has none
    known_by = [WEBHOOK["token"], "canary-credentials-1c5d", "canary-echo-55e1"]
    assert len(issued) > 10
    return {form for secret in [*issued, *clients, *known_by, *page_secrets] for form in forms(secret)}


def places(system: System, ended_tasks: list[Json]) -> Iterator[tuple[str, str]]:
    """Every place that keeps data, with its text."""
    stack = system.stack
    yield "tasks as their caller reads them", without_statements(json.dumps(ended_tasks))
    with closing(system.aws("stepfunctions")) as machine:
        for task in ended_tasks:
            execution = stack["state_machine_arn"].replace(":stateMachine:", ":execution:") + ":" + task["id"]
            history = machine.get_execution_history(executionArn=execution, maxResults=1000)["events"]
            yield "execution history", json.dumps(history, default=str)
    with closing(system.aws("dynamodb")) as dynamodb:
        for table in dynamodb.list_tables()["TableNames"]:
            items = [
                item for page in dynamodb.get_paginator("scan").paginate(TableName=table) for item in page["Items"]
            ]
            # A signed card is public, and its header is base64 of JSON, like that of a token.
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


def test_no_secret_is_kept_in_clear(system: System, ended_tasks: list[Json], secrets: set[str]) -> None:
    looked_at = set()
    for where, text in places(system, ended_tasks):
        looked_at.add(where.split()[0])
        assert "eyJ" not in text, f"a JWT in clear in {where}"
        assert not any(secret in text for secret in secrets), f"a secret in clear in {where}"
    assert looked_at == {"tasks", "execution", "table", "queue", "log"}


def test_search_finds_a_secret_in_clear(system: System, ended_tasks: list[Json], secrets: set[str]) -> None:
    """Otherwise the test above would prove nothing."""
    issued = system.http.get(f"{system.stack['phone_url']}/api/issued").json()[-1]
    item = {"pk": {"S": "CANARY"}, "sk": {"S": "CANARY"}, "sealed": {"B": base64.b64encode(issued.encode())}}
    key = {name: item[name] for name in ("pk", "sk")}
    with closing(system.aws("dynamodb")) as dynamodb:
        dynamodb.put_item(TableName=system.stack["tasks_table"], Item=item)
        try:
            found = [where for where, text in places(system, ended_tasks) if any(secret in text for secret in secrets)]
        finally:
            dynamodb.delete_item(TableName=system.stack["tasks_table"], Key=key)
    assert found == [f"table {system.stack['tasks_table']}"]


def test_execution_history_names_no_person(system: System, ended_tasks: list[Json]) -> None:
    histories = [text for where, text in places(system, ended_tasks) if where == "execution history"]
    assert histories
    assert not any("staff0.com" in text for text in histories)


def test_ended_task_keeps_no_encrypted_token(system: System, ended_tasks: list[Json]) -> None:
    with closing(system.aws("dynamodb")) as dynamodb:
        for task in ended_tasks:
            key = {"pk": {"S": f"TASK#{task['id']}"}, "sk": {"S": "APPROVAL"}}
            item = dynamodb.get_item(TableName=system.stack["tasks_table"], Key=key)["Item"]
            approval = json.loads(item["data"]["S"])
            assert not {name for name in approval if name.startswith("sealed_")}
