"""No token, name or e-mail address is logged, also in case of an error (A2A 13.4)."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import EndpointConnectionError

from tests.support.a2a_test_client import Agent, JsonRpc, ProtocolError
from tests.support.fake_approval_workflow import FakeApprovalWorkflow

CANARY = "jdoe.canary@staff0.com"


async def test_no_personal_data_is_logged(
    agent: Agent, workflow: FakeApprovalWorkflow, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    await agent.send(f"Does John Canary with email {CANARY} work at Staff0?")
    workflow.start_error = EndpointConnectionError(endpoint_url=CANARY)
    with pytest.raises(ProtocolError):
        await agent.send(f"Is {CANARY} employed?", "m-2")
    workflow.start_error = RuntimeError(CANARY)
    with pytest.raises(ProtocolError):
        await agent.send(f"Is {CANARY} employed?", "m-3")
    wrong = {"message": {"messageId": "m"}, "configuration": {"historyLength": CANARY}}
    rpc = {"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": wrong}
    await agent.post(json.dumps(rpc if isinstance(agent, JsonRpc) else wrong).encode())
    logged = "".join(capsys.readouterr()) + caplog.text
    assert logged
    assert "canary" not in logged.lower()
    assert agent.token not in logged
