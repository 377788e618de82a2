"""Each workaround for a2a-sdk is still necessary: its test fails without it.

The other workarounds have their tests beside the feature: json_rpc_requests in test_json_rpc_requests.py,
request_params and rest_requests in test_request_params.py, server_sent_events in test_event_stream.py, v0_3_compat in
test_v0_3_compat.py, v0_3_names in test_request_params.py, version_parameter in test_version_parameter.py.
"""

from __future__ import annotations

import json
import logging

import pytest
from a2a.utils.telemetry import ENABLED_ENV_VAR
from botocore.exceptions import EndpointConnectionError

from tests.support.a2a_test_client import Agent, JsonRpc, ProtocolError, message
from tests.support.fake_approval_workflow import FakeApprovalWorkflow
from tests.support.stack_template import read_stack

PARSE_ERROR = -32700


async def test_exception_texts_are_hidden(agent: Agent, workflow: FakeApprovalWorkflow) -> None:
    workflow.start_error = RuntimeError("a secret")
    response = await agent.post(_send_message(agent, {"message": message()}))
    assert "secret" not in response.text


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 50_000,
        b'{"jsonrpc": "2.0", "id": "\\ud800", "method": "SendMessage", "params": {}}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": {"metadata": {"n": 1e999}}}',
    ],
    ids=["too deep", "lone surrogate", "infinite"],
)
async def test_invalid_json_is_parse_error(agent: Agent, body: bytes) -> None:
    response = await agent.post(body)
    assert response.json()["error"]["code"] == (PARSE_ERROR if isinstance(agent, JsonRpc) else 400)


async def test_sdk_does_not_log_message(agent: Agent, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await agent.post(_send_message(agent, {"message": message(), "configuration": {"historyLength": "canary"}}))
    assert "canary" not in caplog.text


async def test_outage_is_503(agent: Agent, workflow: FakeApprovalWorkflow) -> None:
    workflow.start_error = EndpointConnectionError(endpoint_url="https://states.example")
    response = await agent.post(_send_message(agent, {"message": message()}))
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0


async def test_outage_before_stream_is_503(agent: Agent, workflow: FakeApprovalWorkflow) -> None:
    workflow.start_error = EndpointConnectionError(endpoint_url="https://states.example")
    with pytest.raises(ProtocolError) as error:
        await agent.stream()
    assert error.value.status == 503


def test_sdk_tracing_is_disabled() -> None:
    assert read_stack().environment("AgentFunction")[ENABLED_ENV_VAR] == "false"


def _send_message(agent: Agent, params: dict[str, object]) -> bytes:
    """The request body of SendMessage in the agent's binding."""
    call = {"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": params}
    return json.dumps(call if isinstance(agent, JsonRpc) else params).encode()
