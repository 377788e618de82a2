"""Requests of A2A 0.3."""

from __future__ import annotations

from typing import Any

import httpx

from tests.support.a2a_test_client import QUESTION

type Json = Any


def v0_3_message(text: str = QUESTION, message_id: str = "m-1", **more: Json) -> Json:
    return {"messageId": message_id, "role": "user", "parts": [{"kind": "text", "text": text}], **more}


async def rpc(v0_3_client: httpx.AsyncClient, method: str, params: Json, **headers: str) -> Json:
    answer = await v0_3_client.post(
        "/rpc", json={"jsonrpc": "2.0", "id": "7", "method": method, "params": params}, headers=headers
    )
    assert answer.status_code == 200
    body = answer.json()
    assert body["id"] == "7"
    return body


def without_waiting(message: Json) -> Json:
    return {"message": message, "configuration": {"blocking": False}}
