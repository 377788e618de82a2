"""The samples in events/ are what the functions accept, so that `sam local invoke -e` works for a newcomer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

import pytest
from a2a.types import GetTaskRequest, SendMessageRequest
from ciba_poller.fail_task import FailedStep
from ciba_poller.steps import Step
from google.protobuf.json_format import ParseDict
from notifier.deliveries import Delivery
from staff0.tasks import TaskWritten, read_change

if TYPE_CHECKING:
    from google.protobuf.message import Message

EVENTS = Path(__file__).parents[3] / "events"
REQUESTS = {"agent-send-message": SendMessageRequest, "agent-get-task": GetTaskRequest}


def event(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return loaded


@pytest.mark.parametrize(("name", "request_type"), REQUESTS.items())
def test_a_call_of_the_agent_carries_a_request_of_the_protocol(name: str, request_type: type[Message]) -> None:
    body = json.loads(event(name)["body"])
    assert body["method"] + "Request" == request_type.__name__
    ParseDict(body["params"], request_type())  # raises for a field that the protocol does not have


@pytest.mark.parametrize("name", ["agent-card", "agent-send-message", "agent-get-task", "hr-api-employee"])
def test_a_call_of_an_api_is_an_http_api_event_without_a_real_token(name: str) -> None:
    sample = event(name)
    assert sample["version"] == "2.0"
    assert sample["rawPath"] == sample["requestContext"]["http"]["path"]
    assert sample["headers"].get("authorization", "") in {"", "Bearer the.access.token"}


def test_a_stream_record_carries_keys_that_the_notifier_knows() -> None:
    [record] = event("fan-out")["Records"]
    assert read_change(record["dynamodb"]["Keys"]) == TaskWritten("00000000-0000-0000-0000-000000000000", 1)


def test_a_delivery_has_the_fields_of_its_handler() -> None:
    [record] = event("deliver")["Records"]
    assert json.loads(record["body"]).keys() == get_type_hints(Delivery).keys()


@pytest.mark.parametrize(
    ("name", "step"),
    [("request-approval", Step), ("poll-approval", Step), ("read-employment", Step), ("fail-task", FailedStep)],
)
def test_a_step_of_the_loop_has_the_fields_of_its_handler(name: str, step: type) -> None:
    assert event(name).keys() == get_type_hints(step).keys()
