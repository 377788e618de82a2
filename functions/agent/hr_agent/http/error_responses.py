"""Error responses of the HTTP layer, each in the format of the binding that the request used."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from a2a.utils.error_handlers import ERROR_INFO_TYPE
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

# JSON-RPC 2.0, 5.1
_INVALID_REQUEST: Final = -32600
_PARSE_ERROR: Final = -32700
_STATUS_NAMES: Final = {
    HTTPStatus.BAD_REQUEST: "INVALID_ARGUMENT",
    HTTPStatus.UNAUTHORIZED: "UNAUTHENTICATED",
    HTTPStatus.FORBIDDEN: "PERMISSION_DENIED",
    HTTPStatus.NOT_FOUND: "NOT_FOUND",
    HTTPStatus.METHOD_NOT_ALLOWED: "UNIMPLEMENTED",
    HTTPStatus.CONTENT_TOO_LARGE: "INVALID_ARGUMENT",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "INVALID_ARGUMENT",
    HTTPStatus.MISDIRECTED_REQUEST: "INVALID_ARGUMENT",
    HTTPStatus.SERVICE_UNAVAILABLE: "UNAVAILABLE",
}
_DOMAIN: Final = "staff0"  # of google.rpc.ErrorInfo; A2A's own reasons have the domain a2a-protocol.org


@dataclass(frozen=True)
class ErrorResponse:
    """An error of the HTTP layer. `reason` is the ErrorInfo's; without one it is the name of the HTTP status."""

    status: HTTPStatus
    message: str
    reason: str = ""
    headers: dict[str, str] | None = None

    @property
    def details(self) -> list[dict[str, object]]:
        """google.rpc.ErrorInfo."""
        reason = self.reason or self.status.name
        return [{"@type": ERROR_INFO_TYPE, "reason": reason, "domain": _DOMAIN, "metadata": {}}]

    def to_response(self, path: str) -> JSONResponse:
        """A JSON-RPC error under /rpc, a google.rpc.Status elsewhere (A2A 9.5, 11.6)."""
        if _is_json_rpc(path):
            return _json_rpc_error(_INVALID_REQUEST, self)
        name = _STATUS_NAMES.get(self.status, "UNKNOWN")
        error = {"code": int(self.status), "status": name, "message": self.message, "details": self.details}
        return JSONResponse({"error": error}, self.status, self.headers)


def invalid_json(path: str) -> JSONResponse:
    """400 for a body that is not valid JSON; in JSON-RPC, as its other errors, 200 with the code -32700."""
    message = "The request body is not valid JSON, or has a name twice in one object."
    error = ErrorResponse(HTTPStatus.BAD_REQUEST, message, "PARSE_ERROR")
    if _is_json_rpc(path):
        return _json_rpc_error(_PARSE_ERROR, replace(error, status=HTTPStatus.OK))
    return error.to_response(path)


def invalid_event(path: str) -> JSONResponse:
    """400 for a Lambda event that is not an event of an HTTP API."""
    return ErrorResponse(HTTPStatus.BAD_REQUEST, "The event is not a valid HTTP request.").to_response(path)


async def not_found_handler(request: Request, error: Exception) -> JSONResponse:
    """404 or 405 for a path or method that this agent does not serve."""
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for this class
    headers = dict(error.headers) if error.headers else None
    return ErrorResponse(HTTPStatus(error.status_code), error.detail, headers=headers).to_response(request.url.path)


def service_unavailable(path: str) -> JSONResponse:
    """503 with Retry-After: nothing was lost, the client may send the same request again."""
    message = "The service is not available at the moment. Nothing was lost: please try again."
    error = ErrorResponse(HTTPStatus.SERVICE_UNAVAILABLE, message, "UNAVAILABLE", {"Retry-After": "5"})
    return error.to_response(path)


def _is_json_rpc(path: str) -> bool:
    return path.rstrip("/").endswith("/rpc")


def _json_rpc_error(code: int, error: ErrorResponse) -> JSONResponse:
    content = {"code": code, "message": error.message, "data": error.details}
    return JSONResponse({"jsonrpc": "2.0", "id": None, "error": content}, error.status, error.headers)
