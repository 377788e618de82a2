"""A cache gets 304 Not Modified while its copy is current (RFC 9110 13)."""

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


def test_first_request_gets_document() -> None:
    answer = DOCUMENT.to_response(Headers({}))
    assert (answer.status_code, answer.body) == (200, b"{}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert answer.headers["last-modified"] == SAME
    assert answer.headers["etag"] == DOCUMENT.etag


def test_etag_depends_on_bytes_only() -> None:
    assert DOCUMENT.etag.startswith('"')
    assert DOCUMENT.etag == Document(b"{}", MODIFIED + timedelta(days=1)).etag
    assert DOCUMENT.etag != Document(b"[]", MODIFIED).etag


@pytest.mark.parametrize("tag", [DOCUMENT.etag, f"W/{DOCUMENT.etag}", f'"other", {DOCUMENT.etag}', "*"])
def test_known_tag_gets_304(tag: str) -> None:
    answer = DOCUMENT.to_response(Headers({"If-None-Match": tag}))
    assert (answer.status_code, answer.body) == (304, b"")
    assert {"etag", "last-modified", "cache-control"} <= set(answer.headers)
    assert "content-type" not in answer.headers


def test_two_tag_headers_are_one_list() -> None:
    raw = [(b"if-none-match", b'"other"'), (b"if-none-match", DOCUMENT.etag.encode())]
    assert DOCUMENT.to_response(Headers(raw=raw)).status_code == 304


@pytest.mark.parametrize(("date", "expected"), [(SAME, 304), (AFTER, 304), (BEFORE, 200)])
def test_date_without_tag(date: str, expected: int) -> None:
    assert status(If_Modified_Since=date) == expected


@pytest.mark.parametrize(
    "date",
    [
        "yesterday",
        "",
        "2026-01-05T09:00:00Z",
        "Mon, 99 Jan 2026 09:00:00 GMT",
        "Mon, 05 Jan 2026 09:00:00 -0000",
        "Mon, 05 Jan 2026 09:00:00 +99999999999999999999",
        "Mon, 999999999999 Jan 2026 09:00:00 GMT",
        "Mon, 05 Jan 10000000000000000000000 09:00:00 GMT",
    ],
)
def test_invalid_date_is_ignored(date: str) -> None:
    assert status(If_Modified_Since=date) == 200


def test_tag_overrides_date() -> None:
    assert status(If_None_Match='"other"', If_Modified_Since=AFTER) == 200


@pytest.mark.parametrize("date", ["Monday, 05-Jan-26 09:00:00 GMT", "Mon Jan  5 09:00:00 2026"])
def test_obsolete_date_format(date: str) -> None:
    """A recipient accepts all three formats (RFC 9110 5.6.7)."""
    assert status(If_Modified_Since=date) == 304


def test_last_modified_is_in_gmt() -> None:
    berlin = MODIFIED.astimezone(timezone(timedelta(hours=1)))
    assert Document(b"", berlin).to_response(Headers({})).headers["last-modified"] == SAME
