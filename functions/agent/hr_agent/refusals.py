"""Answers given before the protocol is spoken: each in the form of the binding it was asked by."""

from http import HTTPStatus

from starlette.responses import JSONResponse

_INVALID_REQUEST = -32600  # JSON-RPC 2.0: the request object is not one that can be served
_STATUS_NAMES = {
    HTTPStatus.UNAUTHORIZED: "UNAUTHENTICATED",
    HTTPStatus.FORBIDDEN: "PERMISSION_DENIED",
    HTTPStatus.CONTENT_TOO_LARGE: "INVALID_ARGUMENT",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "INVALID_ARGUMENT",
    HTTPStatus.SERVICE_UNAVAILABLE: "UNAVAILABLE",
}


def refusal(path: str, status: HTTPStatus, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """A JSON-RPC error under /rpc, a google.rpc.Status elsewhere (A2A 11.6)."""
    if path.rstrip("/").endswith("/rpc"):
        error: dict[str, object] = {"code": _INVALID_REQUEST, "message": message}
        return JSONResponse({"jsonrpc": "2.0", "id": None, "error": error}, status, headers)
    error = {"code": int(status), "status": _STATUS_NAMES[status], "message": message}
    return JSONResponse({"error": error}, status, headers)


def try_again(path: str) -> JSONResponse:
    """A real outage: nothing was lost, the same request may be sent again."""
    message = "The service is not available at the moment. Nothing was lost: please try again."
    return refusal(path, HTTPStatus.SERVICE_UNAVAILABLE, message, {"Retry-After": "5"})
