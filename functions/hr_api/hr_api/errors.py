"""Error responses as application/problem+json (RFC 9457)."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from staff0.auth import challenge
from staff0.errors import CallerError, ItemUnreadable, KeysUnavailable
from staff0.observability import logger
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

type ErrorHandler = Callable[[Request, Any], Coroutine[Any, Any, Response]]


def error_handlers(metadata_url: Callable[[Request], str | None]) -> dict[int | type[Exception], ErrorHandler]:
    """The response of each error class. `metadata_url` is for the challenge (RFC 9728 5.1)."""

    async def caller_error(request: Request, error: CallerError) -> JSONResponse:
        headers = {"WWW-Authenticate": challenge(error, metadata_url(request))}
        return problem(HTTPStatus(error.status), str(error), headers)

    return {
        CallerError: caller_error,
        HTTPException: _http_error,
        # HR may mend a record that cannot be read while the approval waits.
        **dict.fromkeys((KeysUnavailable, ItemUnreadable, BotoCoreError, ClientError), _service_unavailable),
    }


def problem(status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """Problem details (RFC 9457)."""
    body = {"title": status.phrase, "status": status, "detail": detail}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def invalid_event(_path: str) -> JSONResponse:
    """Response for a Lambda event that is not an HTTP request."""
    return problem(HTTPStatus.BAD_REQUEST, "The event is not a valid HTTP request.")


async def _http_error(_request: Request, error: HTTPException) -> JSONResponse:
    return problem(HTTPStatus(error.status_code), str(error.detail), dict(error.headers or {}))


async def _service_unavailable(_request: Request, error: Exception) -> JSONResponse:
    reason = {"detail": str(error)} if isinstance(error, KeysUnavailable) else {}
    logger.error("a dependency is unavailable", extra={"error": type(error).__name__, **reason})
    detail = "The service is temporarily unavailable. Try again later."
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": "5"})
