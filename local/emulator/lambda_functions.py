"""Patches for ministack's Lambda, so that it behaves like AWS.

ministack 1.5.33 gives every exception the type `Runtime.HandlerError`, and a throttled call none, so a state machine's
Retry or Catch by error name never matches. It ends the worker process after each exception. It waits 50 ms for log
lines. It starts one process for each concurrent call, as many as it finds memory for.
"""

import json
import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from http import HTTPStatus
from types import ModuleType
from typing import Any

from local.emulator.patching import EmulatorChangedError, expect, wrap

logger = logging.getLogger("ministack")

type Execute = Callable[[dict[str, Any], Any, str], dict[str, Any]]

MARK = "__unhandled_exception__"

REPORTED = '{"status": "error", "error": str(e), "trace": traceback.format_exc()}'
REPORTED_WITH_TYPE = (
    '{"status": "ok", "result": {"' + MARK + '": '
    '{"errorMessage": str(e), "errorType": type(e).__name__, "stackTrace": traceback.format_exc().splitlines()}}}'
)
# Calls wait for a process, which AWS would start. Less than the time-outs of the state machine's steps: a call that is
# made again must not also run the first time.
LONGEST_WAIT_SECONDS = 20.0
THROTTLED = {
    "throttle": True,
    "error": True,
    "log": "",
    "body": {
        "__type": "TooManyRequestsException",
        "message": "Rate Exceeded.",
        "errorType": "Lambda.TooManyRequestsException",
        "errorMessage": "Rate Exceeded.",
    },
}
LOG_WAITS = (0.050, 0.005, 0.250)
SHORT_LOG_WAITS = (0.003, 0.002, 0.250)


def install(runtime: ModuleType, service: ModuleType, workers_per_function: int) -> None:
    """Patches ministack's Lambda. Raises EmulatorChangedError if ministack's source has changed."""
    name = "_PYTHON_WORKER_SCRIPT"
    script: str = getattr(runtime, name)
    expect(script, REPORTED, name)
    setattr(runtime, name, script.replace(REPORTED, REPORTED_WITH_TYPE))
    shorten_log_waits(runtime.Worker)
    wrap(service, "_execute_function_warm", 'return {"body": result.get("result")', limit_workers(workers_per_function))
    wrap(service, "lambda_execute_result_to_api_proxy_response", '"statusCode": 502', without_error_details)


def shorten_log_waits(worker: Any) -> None:  # noqa: ANN401 - a class of a package without types
    drain = getattr(worker, "_drain_stderr_bounded")  # noqa: B009 - private there, patched here on purpose
    if drain.__defaults__ != LOG_WAITS:
        raise EmulatorChangedError("Worker._drain_stderr_bounded", str(LOG_WAITS))
    drain.__defaults__ = SHORT_LOG_WAITS


def limit_workers(
    workers_per_function: int, longest_wait_seconds: float = LONGEST_WAIT_SECONDS
) -> Callable[[Execute], Execute]:
    """Limits the concurrent calls of each function. Further calls wait, and are throttled if that takes too long.

    The limit is per function, because an agent's call waits for the approval workflow, which calls other functions.
    """
    semaphores: dict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(workers_per_function))

    def wrapper(execute: Execute) -> Execute:
        def execute_limited(function: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:  # noqa: ANN401
            config = function.get("config") or function
            semaphore = semaphores[config.get("FunctionName", "")]
            if not semaphore.acquire(timeout=longest_wait_seconds):
                return THROTTLED
            try:
                return with_error_type(execute(function, event, request_id))
            finally:
                semaphore.release()

        return execute_limited

    return wrapper


def with_error_type(result: dict[str, Any]) -> dict[str, Any]:
    """Turns an unhandled exception in a worker's result into Lambda's error payload, and logs its trace."""
    body = result.get("body")
    if not (isinstance(body, dict) and set(body) == {MARK}):
        return result
    error: dict[str, Any] = body[MARK]
    log = "\n".join(filter(None, [result.get("log", ""), *error["stackTrace"]]))
    return {"body": error, "error": True, "log": log}


def without_error_details(translate: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """For a function's error an HTTP API responds with 500 and a fixed text, for a throttled call with 503. The log
    names the error.
    """

    def translate_without_error(result: dict[str, Any]) -> Any:  # noqa: ANN401 - ministack's own tuple
        if not result.get("error"):
            return translate(result)
        status = HTTPStatus.SERVICE_UNAVAILABLE if result.get("throttle") else HTTPStatus.INTERNAL_SERVER_ERROR
        logger.warning("An HTTP API answers %d: %s", status, result.get("body"))
        headers = {"Content-Type": "application/json"}
        return {"statusCode": int(status), "headers": headers, "body": json.dumps({"message": status.phrase})}, None

    return translate_without_error
