"""A document as it is served: bytes that are made once, and what lets a cache ask whether they are still the same."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import Response


@dataclass(frozen=True)
class Document:
    """`modified` is aware; HTTP knows whole seconds of it."""

    body: bytes
    modified: datetime
    media_type: str = "application/json"
    cache_control: str = "public, max-age=300"

    @cached_property
    def etag(self) -> str:
        """Strong (RFC 9110 8.8.3): it stands for these very bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()}"'

    def answer(self, asked: Headers) -> Response:
        """The document, or 304 for whoever has it."""
        headers = {
            "ETag": self.etag,
            "Last-Modified": format_datetime(self.modified.astimezone(UTC), usegmt=True),
            "Cache-Control": self.cache_control,
        }
        if self._is_known(asked):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(self.body, headers=headers, media_type=self.media_type)

    def _is_known(self, asked: Headers) -> bool:
        """RFC 9110 13.2.2: the date counts only where no tag is given."""
        tags = asked.getlist("if-none-match")
        if tags:
            known = {tag.strip().removeprefix("W/") for tag in ",".join(tags).split(",")}
            return bool(known & {"*", self.etag})
        return self._is_unchanged_since(asked.get("if-modified-since", ""))

    def _is_unchanged_since(self, date: str) -> bool:
        """RFC 9110 13.1.3: what is no date is ignored."""
        try:
            since = parsedate_to_datetime(date)
        except ValueError:
            return False
        return self.modified.replace(microsecond=0) <= (since if since.tzinfo else since.replace(tzinfo=UTC))
