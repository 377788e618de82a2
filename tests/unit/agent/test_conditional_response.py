"""A cache asks whether what it has is still the same, by RFC 9110 13, and gets bytes only when it is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hr_agent.http.conditional_response import Document
from starlette.datastructures import Headers

MODIFIED = datetime(2026, 1, 5, 9, 0, 0, 500_000, tzinfo=UTC)
DOCUMENT = Document(b"{}", MODIFIED)
SAME, BEFORE, AFTER = (
    "Mon, 05 Jan 2026 09:00:00 GMT",
    "Mon, 05 Jan 2026 08:59:59 GMT",
    "Mon, 05 Jan 2026 09:00:01 GMT",
)


def status(**headers: str) -> int:
    return DOCUMENT.to_response(Headers({name.replace("_", "-"): value for name, value in headers.items()})).status_code


def test_a_first_reader_gets_the_bytes_and_what_to_ask_with_next_time() -> None:
    answer = DOCUMENT.to_response(Headers({}))
    assert (answer.status_code, answer.body) == (200, b"{}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert answer.headers["last-modified"] == SAME
    assert answer.headers["etag"] == DOCUMENT.etag


def test_the_tag_is_strong_and_stands_for_the_bytes() -> None:
    assert DOCUMENT.etag.startswith('"')
    assert DOCUMENT.etag == Document(b"{}", MODIFIED + timedelta(days=1)).etag
    assert DOCUMENT.etag != Document(b"[]", MODIFIED).etag


@pytest.mark.parametrize("tag", [DOCUMENT.etag, f"W/{DOCUMENT.etag}", f'"other", {DOCUMENT.etag}', "*"])
def test_what_a_cache_has_is_not_sent_again(tag: str) -> None:
    answer = DOCUMENT.to_response(Headers({"If-None-Match": tag}))
    assert (answer.status_code, answer.body) == (304, b"")
    assert {"etag", "last-modified", "cache-control"} <= set(answer.headers)
    assert "content-type" not in answer.headers


def test_two_headers_are_one_list() -> None:
    raw = [(b"if-none-match", b'"other"'), (b"if-none-match", DOCUMENT.etag.encode())]
    assert DOCUMENT.to_response(Headers(raw=raw)).status_code == 304


@pytest.mark.parametrize(("date", "expected"), [(SAME, 304), (AFTER, 304), (BEFORE, 200)])
def test_a_cache_without_a_tag_asks_by_date(date: str, expected: int) -> None:
    assert status(If_Modified_Since=date) == expected


@pytest.mark.parametrize("date", ["yesterday", "", "2026-01-05T09:00:00Z", "Mon, 99 Jan 2026 09:00:00 GMT"])
def test_what_is_no_date_is_ignored(date: str) -> None:
    assert status(If_Modified_Since=date) == 200


def test_the_date_does_not_count_where_a_tag_is_given() -> None:
    assert status(If_None_Match='"other"', If_Modified_Since=AFTER) == 200


def test_a_date_without_a_zone_is_taken_for_utc() -> None:
    assert status(If_Modified_Since="Mon, 05 Jan 2026 09:00:00 -0000") == 304


def test_the_moment_is_told_in_gmt() -> None:
    berlin = MODIFIED.astimezone(timezone(timedelta(hours=1)))
    assert Document(b"", berlin).to_response(Headers({})).headers["last-modified"] == SAME
