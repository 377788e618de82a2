"""A caller's trace context is kept in W3C's own syntax only, and each request gets a span id of its own."""

from __future__ import annotations

import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from staff0.trace_context import child_headers, continue_trace, parse_traceparent, trace_headers

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
VALID: Final = f"00-{TRACE}-{PARENT}-01"
MALFORMED: Final = {
    "empty": "",
    "word": "trace-me",
    "capital letters": VALID.upper(),
    "no trace": f"00-{'0' * 32}-{PARENT}-01",
    "no parent": f"00-{TRACE}-{'0' * 16}-01",
    "version ff": f"ff-{TRACE}-{PARENT}-01",
    "short trace": f"00-{TRACE[1:]}-{PARENT}-01",
    "long trace": f"00-{TRACE}0-{PARENT}-01",
    "no flags": f"00-{TRACE}-{PARENT}",
    "flags of one digit": f"00-{TRACE}-{PARENT}-1",
    "more after version 00": f"{VALID}-more",
    "more without a dash": f"01-{TRACE}-{PARENT}-01more",
    "two of them": f"{VALID}, {VALID}",
    "line break": f"{VALID}\n",
    "header injection": f"{VALID}\r\nX-Admin: 1",
    "other digits": VALID.replace("4bf9", "٤bf9"),
    "long": "0" * 100_000,
}


def test_valid_value_is_kept() -> None:
    assert parse_traceparent([VALID]) == VALID
    assert parse_traceparent([f" {VALID}\t"]) == VALID


@pytest.mark.parametrize("value", MALFORMED.values(), ids=MALFORMED)
def test_malformed_value_is_ignored(value: str) -> None:
    assert parse_traceparent([value]) == ""
    assert child_headers(value) == {}


@pytest.mark.parametrize("values", [[], [VALID, VALID], [VALID, ""]])
def test_other_than_one_header_is_ignored(values: list[str]) -> None:
    assert parse_traceparent(values) == ""


@pytest.mark.parametrize("rest", ["", "-", "-more-fields"])
def test_later_version_is_read_as_version_00(rest: str) -> None:
    assert parse_traceparent([f"cc-{TRACE}-{PARENT}-01{rest}"]) == VALID


@pytest.mark.parametrize(("flags", "kept"), [("00", "00"), ("01", "01"), ("03", "03"), ("ff", "03"), ("fc", "00")])
def test_unknown_flags_are_cleared(flags: str, kept: str) -> None:
    assert parse_traceparent([f"00-{TRACE}-{PARENT}-{flags}"]).endswith(f"-{kept}")


def test_each_request_has_a_new_span() -> None:
    spans = [child_headers(VALID)["traceparent"].split("-") for _ in range(50)]
    assert {tuple(span[:2]) for span in spans} == {("00", TRACE)}
    assert {span[3] for span in spans} == {"01"}
    assert len({span[2] for span in spans} - {PARENT}) == 50


def test_next_invocation_does_not_continue_the_trace() -> None:
    continue_trace(VALID)
    assert TRACE in trace_headers()["traceparent"]
    continue_trace("")
    assert trace_headers() == {}


@given(st.text() | st.text("0123456789abcdef-", min_size=50, max_size=60) | st.from_regex(r"[0-9a-f-]{55}"))
def test_any_value_gives_a_valid_header_or_none(value: str) -> None:
    for header in child_headers(parse_traceparent([value])).values():
        assert re.fullmatch(r"00-[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[0-3]", header)
