"""The functions accept the samples in events/, so that `sam local invoke -e` works."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

import msgspec
import pytest
from a2a.types import GetTaskRequest, SendMessageRequest
from approval.fail_task import FailTaskInput
from approval.step_io import StepInput
from google.protobuf.json_format import ParseDict
from notifier.delivery_queue import Delivery
from staff0.tasks import EventWritten, PushConfigWritten, read_stream_record

if TYPE_CHECKING:
    from google.protobuf.message import Message

EVENTS = Path(__file__).parents[3] / "events"
REQUESTS = {"agent-send-message": SendMessageRequest, "agent-get-task": GetTaskRequest}


def event(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return loaded


@pytest.mark.parametrize(("name", "request_type"), REQUESTS.items())
def test_agent_sample_has_a_valid_request(name: str, request_type: type[Message]) -> None:
    body = json.loads(event(name)["body"])
    assert body["method"] + "Request" == request_type.__name__
    ParseDict(body["params"], request_type())  # raises for a field that the protocol does not have


@pytest.mark.parametrize(
    "name", ["agent-card", "agent-send-message", "agent-get-task", "hr-api-employee", "employee-page"]
)
def test_api_sample_is_an_http_api_event_without_a_real_token(name: str) -> None:
    sample = event(name)
    assert sample["version"] == "2.0"
    assert sample["rawPath"] == sample["requestContext"]["http"]["path"]
    assert sample["headers"].get("authorization", "") in {"", "Bearer the.access.token"}


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("request-approval", StepInput),
        ("poll-approval", StepInput),
        ("read-employment", StepInput),
        ("fail-task", FailTaskInput),
    ],
)
def test_step_sample_has_the_fields_of_its_handler(name: str, step: type) -> None:
    assert event(name).keys() == get_type_hints(step).keys()


def test_fan_out_sample_has_an_event_and_a_webhook() -> None:
    event_written, webhook_written = map(read_stream_record, event("fan-out")["Records"])
    assert isinstance(event_written, EventWritten)
    assert isinstance(webhook_written, PushConfigWritten)


def test_deliver_sample_has_a_delivery() -> None:
    [message] = event("deliver")["Records"]
    assert msgspec.json.decode(message["body"], type=Delivery).sequence == 3
    assert message["attributes"]["ApproximateReceiveCount"] == "1"
