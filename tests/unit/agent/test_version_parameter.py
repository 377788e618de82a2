"""Unsupported A2A versions get their own error, in the header and in the query (A2A 3.6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.a2a_test_client import Agent, JsonRpc

ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"


async def list_tasks(agent: Agent, headers: dict[str, str], query: str = "") -> tuple[int, dict[str, Any]]:
    """Status and error of a ListTasks call."""
    if isinstance(agent, JsonRpc):
        body = {"jsonrpc": "2.0", "id": 1, "method": "ListTasks", "params": {}}
        answer = await agent.http.post(f"/rpc{query}", json=body, headers=headers)
        return answer.status_code, answer.json().get("error", {})
    answer = await agent.http.get(f"/v1/tasks{query}", headers=headers)
    return answer.status_code, answer.json().get("error", {})


@pytest.mark.parametrize(
    ("version", "query"),
    [
        ("2.0", ""),
        ("abc", ""),
        ("1.1", ""),
        ("1.1.0", ""),
        ("1.00", ""),
        ("1", ""),
        ("v1.0", ""),
        ("1.0-rc", ""),
        ("1.0.", ""),
        ("1.0.0.0", ""),
        (None, "?A2A-Version=%D9%A1.0"),  # a digit of another script
        (None, "?A2A-Version=1.1"),
        ("0.3", ""),
        (None, ""),
        ("", ""),
        (None, "?A2A-Version=2.0"),
        ("2.0", "?A2A-Version=1.0"),
        ("1.0, 0.3", ""),
        ("1.0, 2.0", ""),
        (None, "?A2A-Version=1.0&A2A-Version=0.3"),
        ("1" * 5_000, ""),
        ("1." + "0" * 5_000, ""),
    ],
)
async def test_unsupported_version_has_own_error(agent: Agent, version: str | None, query: str) -> None:
    headers = {"Authorization": agent.headers["Authorization"]}
    status, error = await list_tasks(agent, headers if version is None else {**headers, "A2A-Version": version}, query)
    if isinstance(agent, JsonRpc):
        assert (status, error["code"]) == (200, -32009)
        [info] = error["data"]
    else:
        assert (status, error["code"], error["status"]) == (400, 400, "FAILED_PRECONDITION")
        [info] = error["details"]
    assert (info["@type"], info["reason"], info["domain"]) == (ERROR_INFO, "VERSION_NOT_SUPPORTED", "a2a-protocol.org")


@pytest.mark.parametrize(
    ("version", "query"),
    [
        ("1.0", ""),
        ("1.0.3", ""),
        ("1.0.0", ""),
        (" 1.0 ", ""),
        (None, "?A2A-Version=1.0"),
        ("1.0, 1.0", ""),
        ("1.0,1.0", "?A2A-Version=0.3"),
        (None, "?A2A-Version=1.0&A2A-Version=1.0"),
    ],
)
async def test_supported_version(agent: Agent, version: str | None, query: str) -> None:
    headers = {"Authorization": agent.headers["Authorization"]}
    status, error = await list_tasks(agent, headers if version is None else {**headers, "A2A-Version": version}, query)
    assert (status, error) == (200, {})


async def test_equal_version_headers_are_one(agent: Agent) -> None:
    headers = [("Authorization", agent.headers["Authorization"]), ("A2A-Version", "1.0"), ("A2A-Version", "1.0")]
    assert (await agent.http.get("/v1/tasks", headers=headers)).status_code == 200
    different = await agent.http.get("/v1/tasks", headers=[*headers, ("A2A-Version", "0.3")])
    assert different.json()["error"]["details"][0]["reason"] == "VERSION_NOT_SUPPORTED"
