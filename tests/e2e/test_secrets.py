"""No token and no auth_req_id lies in clear anywhere after the flow has run."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import jwt

from local.paths import CLIENT_SECRETS, LOGS
from tests.e2e.system import System

JWT = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+", re.ASCII)


def without_statements(text: str) -> str:
    """The text without the signed statements in it, which are the caller's to keep."""

    def kept(found: re.Match[str]) -> str:
        is_statement = jwt.get_unverified_header(found[0]).get("typ") == "employment-attestation+jwt"
        return "" if is_statement else found[0]

    return JWT.sub(kept, text)


def holds_statements(item: Mapping[str, Any]) -> bool:
    return str(item["sk"]["S"]).startswith(("TASK#", "EVENT#"))


def test_state_machine_table_and_logs_hold_no_secret(system: System) -> None:
    caller, person = system.caller(), system.hire()
    task = asyncio.run(caller.story(person.question, "approve"))
    stack = system.stack
    execution = stack["state_machine_arn"].replace(":stateMachine:", ":execution:") + ":" + task["id"]
    with closing(system.aws("stepfunctions")) as machine:
        history = machine.get_execution_history(executionArn=execution, maxResults=1000)["events"]
    with closing(system.aws("dynamodb")) as dynamodb:
        items = dynamodb.scan(TableName=stack["tasks_table"])["Items"]
    # A signed card is public, and its header is JSON in base64, too.
    private = [item for item in items if not item["pk"]["S"].startswith("ONCE#")]
    everything = {
        "execution history": json.dumps(history, default=str),
        "tasks and events": without_statements(str([item for item in private if holds_statements(item)])),
        "rest of the table": str([item for item in private if not holds_statements(item)]),
        "task": without_statements(json.dumps(task)),
        "logs": "".join(log.read_text(errors="replace") for log in LOGS.glob("*.log")),
    }
    secrets = [client["client_secret"] for client in json.loads(CLIENT_SECRETS.read_text()).values()]
    for where, text in everything.items():
        assert "eyJ" not in text, f"a JWT lies in clear in the {where}"
        assert not any(secret in text for secret in secrets), f"a client's secret lies in clear in the {where}"
    assert person.email not in everything["execution history"]


def test_the_sealed_token_is_gone_once_the_task_has_ended(system: System) -> None:
    caller = system.caller()
    task = asyncio.run(caller.story(system.hire().question, "approve"))
    stack = system.stack
    key = {"pk": {"S": f"TASK#{task['id']}"}, "sk": {"S": "APPROVAL"}}
    with closing(system.aws("dynamodb")) as dynamodb:
        item = dynamodb.get_item(TableName=stack["tasks_table"], Key=key)["Item"]
    approval = json.loads(item["data"]["S"])
    assert approval["sealed_token"] is None
    assert approval["sealed_auth_req_id"] is None
