"""Conditional responses (RFC 9110 13): a cache asks whether its copy of a document is still current."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cached_property
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response

from hr_agent.http.http_date import parse_http_date

_CACHE_CONTROL: Final = "public, max-age=300"


@dataclass(frozen=True)
class Document:
    """A document's bytes and its aware modification time, if known, of which HTTP shows whole seconds.

    `vary` is the request header that selects this document among several at the same URL (RFC 9110 12.5.5).
    """

    body: bytes
    modified: datetime | None = None
    media_type: str = "application/json"
    vary: str = ""

    @cached_property
    def etag(self) -> str:
        """A strong entity tag (RFC 9110 8.8.3): the SHA-256 of the bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()}"'

    def to_response(self, request_headers: Headers) -> Response:
        """The document, or 304 Not Modified."""
        headers = {
            "ETag": self.etag,
            **self._last_modified(),
            "Cache-Control": _CACHE_CONTROL,
            **({"Vary": self.vary} if self.vary else {}),
        }
        if self._is_cached(request_headers):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(self.body, headers=headers, media_type=self.media_type)

    def _last_modified(self) -> dict[str, str]:
        if self.modified is None:
            return {}
        return {"Last-Modified": format_datetime(self.modified.astimezone(UTC), usegmt=True)}

    def _is_cached(self, request_headers: Headers) -> bool:
        """Whether the client has this version. The date counts only without a tag (RFC 9110 13.2.2)."""
        tags = request_headers.getlist("if-none-match")
        if tags:
            known = {tag.strip().removeprefix("W/") for tag in ",".join(tags).split(",")}
            return bool(known & {"*", self.etag})
        return self._is_unchanged_since(request_headers.get("if-modified-since", ""))

    def _is_unchanged_since(self, date: str) -> bool:
        """False for text that is not an HTTP date (RFC 9110 13.1.3), and without a modification time."""
        since = parse_http_date(date)
        return since is not None and self.modified is not None and self.modified.replace(microsecond=0) <= since
