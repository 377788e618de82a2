"""Any value of a request header gets a response of the agent, never a 5xx."""

from __future__ import annotations

from typing import Any, Final

import httpx
import pytest
from hr_agent.http import public_paths
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.a2a_test_client import message
from tests.support.tokens import machine_token

LATIN: Final = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=60)
NUMBERS: Final = st.integers(min_value=-(10**30), max_value=10**30).map(str)
DATES: Final = st.builds(
    "{}, {} {} {} {}:{}:{} {}".format,
    st.sampled_from(["Mon", "Monday", "M"]),
    NUMBERS,
    st.sampled_from(["Jan", "January", "Abc", "12"]),
    NUMBERS,
    NUMBERS,
    NUMBERS,
    NUMBERS,
    st.sampled_from(["GMT", "UTC", ""]) | NUMBERS.map("+{}".format),
)
VALUES: Final = (
    LATIN
    | NUMBERS
    | DATES
    | st.lists(st.sampled_from(['"', "W/", "*", ",", ";", "=", "/", "a", " ", "1.0", "0.3", "\t", "é"])).map("".join)
    | st.sampled_from(["application/json;charset=x", "1.0, 1.0", "1" * 5_000, '"' * 5_000, ", " * 2_000, "1." * 2_000])
)
DOCUMENTS: Final = [public_paths.CARD, public_paths.OLD_CARD, public_paths.JWKS]
CONDITIONS: Final = ["if-modified-since", "if-none-match", "a2a-version", "accept", "range", "if-range", "host"]
NAMES: Final = st.sampled_from(
    [
        "content-type",
        "accept",
        "a2a-version",
        "a2a-extensions",
        "x-a2a-extensions",
        "last-event-id",
        "authorization",
        "staff0-wait",
        "traceparent",
    ]
)
QUIETLY: Final = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize(
    "date",
    [
        "Mon, 05 Jan 2026 09:00:00 +99999999999999999999",
        "Mon, 999999999999 Jan 2026 09:00:00 GMT",
        "Mon, 05 Jan 10000000000000000000000 09:00:00 GMT",
    ],
)
async def test_date_out_of_range_gets_document(http: httpx.AsyncClient, path: str, date: str) -> None:
    assert (await http.get(path, headers={"If-Modified-Since": date})).status_code == 200


@QUIETLY
@given(path=st.sampled_from(DOCUMENTS), name=st.sampled_from(CONDITIONS), value=VALUES)
async def test_any_header_of_public_document(http: httpx.AsyncClient, path: str, name: str, value: str) -> None:
    answer = await http.get(path, headers={name.encode(): value.encode("latin-1")})
    assert answer.status_code in {200, 304}


@QUIETLY
@given(headers=st.lists(st.tuples(NAMES, VALUES), min_size=1, max_size=3))
async def test_any_header_of_call(http: httpx.AsyncClient, headers: list[tuple[str, str]]) -> None:
    """Also the same header several times."""
    fuzzed = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    valid = {b"authorization": f"Bearer {machine_token('acme-client')}".encode(), b"content-type": b"application/json"}
    missing = [(name, value) for name, value in valid.items() if name not in dict(fuzzed)]
    rpc: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": {"message": message()}}
    for path, body in (("/rpc", rpc), ("/v1/message:send", rpc["params"]), ("/v1/message:stream", rpc["params"])):
        answer = await http.post(path, json=body, headers=[*fuzzed, *missing])
        assert answer.status_code < 500
        assert "Traceback" not in answer.text
        assert "INTERNAL" not in answer.text
        assert "-32603" not in answer.text  # JSON-RPC's internal error
