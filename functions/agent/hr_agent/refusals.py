"""Answers given before the protocol is spoken: each in the form of the binding it was asked by."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

# JSON-RPC 2.0, 5.1
_INVALID_REQUEST = -32600
_PARSE_ERROR = -32700
_STATUS_NAMES = {
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


def refusal(path: str, status: HTTPStatus, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """A JSON-RPC error under /rpc, a google.rpc.Status elsewhere (A2A 11.6)."""
    if path.rstrip("/").endswith("/rpc"):
        error: dict[str, object] = {"code": _INVALID_REQUEST, "message": message}
        return JSONResponse({"jsonrpc": "2.0", "id": None, "error": error}, status, headers)
    error = {"code": int(status), "status": _STATUS_NAMES.get(status, "UNKNOWN"), "message": message}
    return JSONResponse({"error": error}, status, headers)


def unreadable(path: str) -> JSONResponse:
    """For a body that is not JSON. JSON-RPC says so in its own code, on a 200 as its other errors."""
    message = "The body is not JSON."
    if path.rstrip("/").endswith("/rpc"):
        return JSONResponse({"jsonrpc": "2.0", "id": None, "error": {"code": _PARSE_ERROR, "message": message}})
    return refusal(path, HTTPStatus.BAD_REQUEST, message)


async def no_such_thing(request: Request, error: HTTPException) -> JSONResponse:
    """For a path or a method this agent does not serve."""
    headers = dict(error.headers) if error.headers else None
    return refusal(request.url.path, HTTPStatus(error.status_code), error.detail, headers)


def try_again(path: str) -> JSONResponse:
    """A real outage: nothing was lost, the same request may be sent again."""
    message = "The service is not available at the moment. Nothing was lost: please try again."
    return refusal(path, HTTPStatus.SERVICE_UNAVAILABLE, message, {"Retry-After": "5"})
