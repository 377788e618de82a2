"""What a client accepts is compared as media types and ranges, in both bindings and versions (RFC 9110 12.5.1)."""

from __future__ import annotations

from typing import Any

import pytest
from hr_agent.http.media_types import accepts_output
from hypothesis import given
from hypothesis import strategies as st

from tests.support.a2a_test_client import ASKS_WHO, Agent, JsonRpc, ProtocolError, message

type Json = Any

ACCEPTED = [
    ["text"],
    ["TEXT/Plain"],
    ["text/plain; charset=utf-8"],
    ['text/plain ;charset="utf-8;q=0"'],
    ["application/json;q=0.1"],
    ["application/jwt"],
    ["text/*"],
    ["application/*"],
    ["*/*"],
    ["*/*;q=0.8", "text/plain;q=0", "application/json;q=0"],
    ["image/png", "Text/*;q=.2"],
    ["text/plain;q=high"],
]
REFUSED = [
    ["image/png"],
    ["text/html"],
    ["text/plainer"],
    ["text/"],
    ["*/plain"],
    [""],
    ["image/*"],
    ["application/xml", "audio/mpeg"],
    ["text/plain;q=0"],
    ["text/plain; Q=0.000"],
    ["*/*;q=0"],
    ["text/*;q=0", "application/json;q=0", "application/jwt;q=0", "*/*"],
]


@pytest.mark.parametrize("modes", ACCEPTED, ids=" ".join)
async def test_accepted_output(agent: Agent, modes: list[str]) -> None:
    configuration = {"acceptedOutputModes": modes}
    assert await agent.send_params({"message": message(ASKS_WHO), "configuration": configuration})


@pytest.mark.parametrize("modes", REFUSED, ids=" ".join)
async def test_refused_output(agent: Agent, modes: list[str]) -> None:
    configuration = {"acceptedOutputModes": modes}
    for call in (agent.send_params, agent.stream_params):
        with pytest.raises(ProtocolError, match="CONTENT_TYPE_NOT_SUPPORTED"):
            await call({"message": message(ASKS_WHO), "configuration": configuration})


async def sent_by_0_3(agent: Agent, modes: list[str]) -> Json:
    headers = {"Authorization": agent.headers["Authorization"]}
    configuration = {"acceptedOutputModes": modes}
    if isinstance(agent, JsonRpc):
        question = {"messageId": "m-1", "role": "user", "parts": [{"kind": "text", "text": ASKS_WHO}]}
        params = {"message": question, "configuration": configuration}
        call = {"jsonrpc": "2.0", "id": 1, "method": "message/send", "params": params}
        return (await agent.http.post("/rpc", json=call, headers=headers)).json()
    question = {"messageId": "m-1", "role": "ROLE_USER", "content": [{"text": ASKS_WHO}]}
    body = {"message": question, "configuration": configuration}
    return (await agent.http.post("/v1/v1/message:send", json=body, headers=headers)).json()


async def test_output_of_0_3(agent: Agent) -> None:
    for modes in ACCEPTED:
        assert "error" not in await sent_by_0_3(agent, modes), modes
    for modes in REFUSED:
        assert "error" in await sent_by_0_3(agent, modes), modes


async def test_every_mode_of_card_is_accepted(agent: Agent) -> None:
    card = await agent.extended_card()
    for number, mode in enumerate(card["defaultOutputModes"]):
        params = {"message": message(ASKS_WHO, f"m-{number}"), "configuration": {"acceptedOutputModes": [mode]}}
        assert await agent.send_params(params)


@given(modes=st.lists(st.text() | st.from_regex(r"\A[a-z]*/[a-z*]*;\s*q\*?=.{0,5}\Z"), max_size=3))
def test_any_text_is_accepted_or_not(modes: list[str]) -> None:
    assert accepts_output(modes) in {True, False}
