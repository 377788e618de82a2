"""Any value of a method's parameters gets an answer or an error of the protocol, never an internal error."""

from __future__ import annotations

import base64
from typing import Any, Final
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.a2a_test_client import ASKS_WHO, Agent, JsonRpc, ProtocolError

QUIETLY: Final = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
EXPECTED: Final = {"", "INVALID_PARAMS", "TASK_NOT_FOUND", "-32600", "INVALID_REQUEST", "404", "405", "NOT_FOUND"}
TEXT: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
BASE64: Final = (st.binary(max_size=60) | TEXT.map(str.encode)).map(
    lambda data: base64.urlsafe_b64encode(data).decode()
)
TOKENS: Final = (
    TEXT
    | BASE64
    | st.builds("2026-01-05T09:00:00.000000Z#{}".format, TEXT).map(
        lambda key: base64.urlsafe_b64encode(key.encode()).decode()
    )
    | st.sampled_from(["=", "====", "A" * 3_000, "#", "\0"])
)
TIMES: Final = st.builds(
    "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{}".format,
    st.integers(0, 10**5),
    st.integers(0, 13),
    st.integers(0, 32),
    st.integers(0, 25),
    st.integers(0, 61),
    st.integers(0, 61),
    st.sampled_from(["", ".0", ".999999999", ".1234567890123"]),
    st.sampled_from(["Z", "", "+00:00", "+23:59", "-23:59", "+99:99", "z"]),
)
HOSTS: Final = st.sampled_from(
    [
        "receiver.example",
        "127.0.0.1",
        "[::1]",
        "[",
        "]",
        "2130706433",
        "0x7f.1",
        "a..b",
        "xn--a",
        "é.example",
        "a" * 300,
    ]
)
URLS: Final = TEXT | st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["https", "http", "HTTPS", "ftp", ""]),
    st.sampled_from(["", "user@", "user:secret@", "@"]),
    HOSTS,
    st.sampled_from(["", ":", ":0", ":443", ":65536", ":-1", ":" + "9" * 5_000, ":é", ":٣"]),
    st.sampled_from(["", "/", "/a?b#c", "\\", "/%", "/ ", "/\n"]),
)


async def reason_of(call: Any) -> str:
    """The reason of the call's error; empty without an error."""
    try:
        await call
    except ProtocolError as error:
        return error.reason
    return ""


@QUIETLY
@given(token=TOKENS)
async def test_any_page_token(agent: Agent, token: str) -> None:
    assert await reason_of(agent.list(pageToken=token)) in EXPECTED


@QUIETLY
@given(after=TEXT | TIMES)
async def test_any_time(agent: Agent, after: str) -> None:
    assert await reason_of(agent.list(statusTimestampAfter=after)) in EXPECTED


@pytest.mark.parametrize("after", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z"])
async def test_earliest_and_latest_time(agent: Agent, after: str) -> None:
    assert (await agent.list(statusTimestampAfter=after))["tasks"] == []


@QUIETLY
@given(task_id=TEXT.filter(lambda text: text not in {"", ".", ".."}))
async def test_any_task_id(agent: Agent, task_id: str) -> None:
    named = task_id if isinstance(agent, JsonRpc) else quote(task_id, safe="")
    assert await reason_of(agent.get(named)) in EXPECTED
    assert await reason_of(agent.cancel(named)) in EXPECTED


@settings(QUIETLY, max_examples=15)
@given(context_id=TEXT, message_id=TEXT)
async def test_any_context_and_message_id(agent: Agent, context_id: str, message_id: str) -> None:
    assert await reason_of(agent.send(ASKS_WHO, message_id, contextId=context_id)) in EXPECTED
    assert await reason_of(agent.list(contextId=context_id)) in EXPECTED


@settings(QUIETLY, max_examples=40)
@given(url=URLS, secret=TEXT, scheme=TEXT, config_id=TEXT)
async def test_any_webhook(agent: Agent, url: str, secret: str, scheme: str, config_id: str) -> None:
    task = await agent.send(ASKS_WHO)
    authentication = {"scheme": scheme, "credentials": secret}
    config = {"url": url, "id": config_id, "token": secret, "authentication": authentication}
    assert await reason_of(agent.create_webhook(task["id"], **config)) in EXPECTED
    assert await reason_of(agent.create_webhook(task["id"], url=url, token=secret)) in EXPECTED
    assert await reason_of(agent.create_webhook(task["id"], url="https://receiver.example", id=config_id)) in EXPECTED
