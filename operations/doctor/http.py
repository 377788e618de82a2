"""Requests of the checks. What a server answers is shown without tokens, secrets and ids of requests."""

from collections.abc import Mapping
from typing import Any, Final

import httpx
from staff0.connection_failure import describe_failure

from operations.doctor.findings import Failed

_TIMEOUT: Final = httpx.Timeout(15, connect=5)
_MAX_CHARACTERS: Final = 200
_MAX_WORD: Final = 40  # a longer word may be a secret


def client() -> httpx.Client:
    return httpx.Client(timeout=_TIMEOUT)


def send(http: httpx.Client, method: str, url: str, *, no_answer: str, **arguments: Any) -> httpx.Response:  # noqa: ANN401 - httpx's
    """Raises Failed without a response, with `no_answer` as the advice."""
    try:
        return http.request(method, url, **arguments)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Failed(f"no answer from {httpx.URL(url).host}: {describe_failure(error)}", no_answer) from None


def json_object(response: httpx.Response) -> Mapping[str, Any]:
    """The body; an empty object if it is anything else."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def json_objects(response: httpx.Response) -> list[dict[str, Any]]:
    """The objects of a JSON array; none if the body is anything else."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return []
    return [entry for entry in body if isinstance(entry, dict)] if isinstance(body, list) else []


def describe(response: httpx.Response) -> str:
    """Status, error code, description and Auth0's id of the request, by which its log is searched.

    The text of a 5xx is left out, and so are long words: a broken server may repeat our credentials.
    """
    body = json_object(response)
    words = [str(response.status_code)]
    if not response.is_server_error:
        words.append(_shown(body.get("error") or body.get("errorCode")))
        words.append(_shown(body.get("error_description") or body.get("message")))
    request_id = response.headers.get("x-auth0-requestid", "")[:_MAX_WORD]
    return " ".join(filter(None, words)) + (f" (request {request_id})" if request_id else "")


def _shown(text: object) -> str:
    words = str(text or "")[:_MAX_CHARACTERS].split()
    return " ".join(word if len(word) <= _MAX_WORD or "https://" in word else "[removed]" for word in words)
