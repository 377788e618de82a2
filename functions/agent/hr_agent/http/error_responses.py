"""Answers given before the protocol is spoken: each in the form of the binding it was asked by."""

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
_DOMAIN: Final = "staff0"  # google.rpc.ErrorInfo: reasons of A2A's own are of the domain a2a-protocol.org


@dataclass(frozen=True)
class ErrorResponse:
    """What a caller is told at the door. `reason` is the ErrorInfo's, by default the name of the HTTP status."""

    status: HTTPStatus
    message: str
    reason: str = ""
    headers: dict[str, str] | None = None

    @property
    def details(self) -> list[dict[str, object]]:
        reason = self.reason or self.status.name
        return [{"@type": ERROR_INFO_TYPE, "reason": reason, "domain": _DOMAIN, "metadata": {}}]

    def answer(self, path: str) -> JSONResponse:
        """A JSON-RPC error under /rpc, a google.rpc.Status elsewhere (A2A 9.5, 11.6)."""
        if _is_json_rpc(path):
            return _json_rpc(_INVALID_REQUEST, self)
        name = _STATUS_NAMES.get(self.status, "UNKNOWN")
        error = {"code": int(self.status), "status": name, "message": self.message, "details": self.details}
        return JSONResponse({"error": error}, self.status, self.headers)


def invalid_json(path: str) -> JSONResponse:
    """For a body that is not JSON. JSON-RPC says so in its own code, on a 200 as its other errors."""
    refusal = ErrorResponse(HTTPStatus.BAD_REQUEST, "The body is not JSON.", "PARSE_ERROR")
    if _is_json_rpc(path):
        return _json_rpc(_PARSE_ERROR, replace(refusal, status=HTTPStatus.OK))
    return refusal.answer(path)


def invalid_event(path: str) -> JSONResponse:
    """For an event of Lambda that is no request."""
    return ErrorResponse(HTTPStatus.BAD_REQUEST, "This is no request that can be read.").answer(path)


async def not_found_handler(request: Request, error: HTTPException) -> JSONResponse:
    """For a path or a method this agent does not serve."""
    headers = dict(error.headers) if error.headers else None
    return ErrorResponse(HTTPStatus(error.status_code), error.detail, headers=headers).answer(request.url.path)


def service_unavailable(path: str) -> JSONResponse:
    """A real outage: nothing was lost, the same request may be sent again."""
    message = "The service is not available at the moment. Nothing was lost: please try again."
    return ErrorResponse(HTTPStatus.SERVICE_UNAVAILABLE, message, "UNAVAILABLE", {"Retry-After": "5"}).answer(path)


def _is_json_rpc(path: str) -> bool:
    return path.rstrip("/").endswith("/rpc")


def _json_rpc(code: int, refusal: ErrorResponse) -> JSONResponse:
    error = {"code": code, "message": refusal.message, "data": refusal.details}
    return JSONResponse({"jsonrpc": "2.0", "id": None, "error": error}, refusal.status, refusal.headers)
