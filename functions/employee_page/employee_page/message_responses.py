"""Pages for what goes wrong. None has a word of the request or of an exception that is not written for people."""

from http import HTTPStatus

from botocore.exceptions import BotoCoreError, ClientError
from staff0.errors import IdpError, KeysUnavailable
from staff0.observability import logger
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ExceptionHandler

from employee_page.page_layout import message_page

UNAVAILABLE = "The page is not available at the moment. Please try again later."


def message_response(status: HTTPStatus, sentence: str, headers: dict[str, str] | None = None) -> Response:
    return HTMLResponse(message_page(status.phrase, sentence), status, headers)


def invalid_event(_path: str) -> Response:
    """Response for a Lambda event that is not an HTTP request."""
    return message_response(HTTPStatus.BAD_REQUEST, "The event is not a valid HTTP request.")


async def _http_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for this class
    return message_response(HTTPStatus(error.status_code), str(error.detail), dict(error.headers or {}))


async def _service_unavailable(_request: Request, error: Exception) -> Response:
    reason = {"detail": str(error)} if isinstance(error, IdpError | KeysUnavailable) else {}
    logger.error("a dependency is unavailable", extra={"error": type(error).__name__, **reason})
    return message_response(HTTPStatus.SERVICE_UNAVAILABLE, UNAVAILABLE, {"Retry-After": "5"})


EXCEPTION_HANDLERS: dict[type[Exception] | int, ExceptionHandler] = {
    HTTPException: _http_error,
    **dict.fromkeys((IdpError, KeysUnavailable, BotoCoreError, ClientError), _service_unavailable),
}
