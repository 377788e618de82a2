"""Every refusal as application/problem+json (RFC 9457), and which error is which."""

from http import HTTPStatus

from botocore.exceptions import BotoCoreError, ClientError
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from staff0.auth import challenge
from staff0.errors import CallerError, KeysUnavailable
from staff0.observability import logger
from starlette.exceptions import HTTPException


class Problem(BaseModel):
    """RFC 9457, with the members this API uses."""

    title: str
    status: int
    detail: str


def add_error_handlers(app: FastAPI) -> None:
    app.add_exception_handler(CallerError, _refused)
    app.add_exception_handler(HTTPException, _http_error)
    for outage in (KeysUnavailable, BotoCoreError, ClientError):
        app.add_exception_handler(outage, _outage)


def problem(status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    body = Problem(title=status.phrase, status=status, detail=detail)
    return JSONResponse(body.model_dump(), status, headers, media_type="application/problem+json")


def no_request(_path: str) -> JSONResponse:
    """For an event of Lambda that is no request."""
    return problem(HTTPStatus.BAD_REQUEST, "This is no request that can be read.")


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CallerError)  # noqa: S101 - registered for this class
    return problem(HTTPStatus(error.status), str(error), {"WWW-Authenticate": challenge(error)})


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    return problem(HTTPStatus(error.status_code), str(error.detail), dict(error.headers or {}))


async def _outage(_request: Request, error: Exception) -> JSONResponse:
    logger.error("the request met an outage", extra={"error": type(error).__name__})
    detail = "The service is not available at the moment: please try again."
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": "5"})
