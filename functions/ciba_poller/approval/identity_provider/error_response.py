"""Error responses of the identity provider: what they say, and what of it may be logged (RFC 6749 5.2)."""

from dataclasses import dataclass
from typing import Any, Final

import httpx

_REQUEST_ID_HEADER: Final = "x-auth0-requestid"
_MAX_LENGTH: Final = 300
_MAX_WORD_LENGTH: Final = 40  # a longer word may be a token or another secret
_MAX_MIXED_LENGTH: Final = 10  # a longer word with digits may be one, too
_REMOVED: Final = "[removed]"
_NO_PUSH_WORDS: Final = ("enrol", "factor", "authenticator", "guardian", "push notification")


@dataclass(frozen=True)
class ErrorResponse:
    """`error` and `description` are empty where the body has none."""

    status: int
    error: str
    description: str
    request_id: str

    def log_fields(self) -> dict[str, object]:
        """For a log line, without addresses, user ids and secrets. Callers never get the description.

        An error page of a broken server may repeat the request, so the text of a 5xx is left out.
        """
        has_text = self.status < httpx.codes.INTERNAL_SERVER_ERROR
        return {
            "http_status": self.status,
            "idp_error": _loggable(self.error),
            "error_description": _loggable(self.description) if has_text else "",
            "idp_request_id": self.request_id[:_MAX_WORD_LENGTH],
        }

    def says_no_push(self) -> bool:
        """Whether the description blames the employee's missing push notifications. Auth0 documents no code for it."""
        description = self.description.lower()
        return any(word in description for word in _NO_PUSH_WORDS)


def parse_error_response(response: httpx.Response) -> ErrorResponse:
    """Also reads the error format of Auth0's Management API, whose text is in `message`."""
    body = json_object(response)
    description = body.get("error_description") or body.get("message") or ""
    request_id = response.headers.get(_REQUEST_ID_HEADER, "")
    return ErrorResponse(response.status_code, str(body.get("error", "")), str(description), request_id)


def json_object(response: httpx.Response) -> dict[str, Any]:
    """The body as a JSON object; an empty one if the body is anything else."""
    try:
        body = response.json()
    except (ValueError, RecursionError):  # RecursionError: nested too deeply
        return {}
    return body if isinstance(body, dict) else {}


def _loggable(text: str) -> str:
    words = text[:_MAX_LENGTH].split()
    return " ".join(_REMOVED if _may_be_private(word) else word for word in words)


def _may_be_private(word: str) -> bool:
    is_mixed = any(map(str.isdigit, word)) and not word.lstrip("\"'(").startswith("https://")
    is_long = len(word) > (_MAX_MIXED_LENGTH if is_mixed else _MAX_WORD_LENGTH)
    return "@" in word or "|" in word or is_long
