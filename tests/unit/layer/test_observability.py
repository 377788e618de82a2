from __future__ import annotations

import io
import json

import pytest
from staff0.observability import log_invocation, logger

from tests.support.lambda_context import FakeLambdaContext

type Line = dict[str, object]


@log_invocation
def handler(event: dict[str, str], _context: object) -> str:
    if "task_id" in event:
        logger.append_keys(task_id=event["task_id"])
    logger.info("done")
    return "answer"


def lines(logged: io.StringIO) -> list[Line]:
    return [json.loads(line) for line in logged.getvalue().splitlines()]


def test_every_line_has_request_id_and_service(logged: io.StringIO) -> None:
    assert handler({}, FakeLambdaContext(aws_request_id="r1")) == "answer"
    [line] = lines(logged)
    assert (line["function_request_id"], line["service"], line["message"]) == ("r1", logger.service, "done")
    assert {"cold_start", "level", "location", "timestamp"} <= line.keys()


def test_line_has_no_task_id_of_invocation_before(logged: io.StringIO) -> None:
    handler({"task_id": "t1"}, FakeLambdaContext())
    handler({}, FakeLambdaContext())
    first, second = lines(logged)
    assert first["task_id"] == "t1"
    assert "task_id" not in second


def test_event_is_not_logged(logged: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_LOGGER_LOG_EVENT", "true")
    log_invocation(handler)({"text": "canary"}, FakeLambdaContext())
    assert "canary" not in logged.getvalue()
