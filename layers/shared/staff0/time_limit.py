"""A time limit for a blocking call, however many operations it takes."""

import threading
from collections.abc import Callable
from concurrent.futures import Future


def call_within[R](seconds: float, call: Callable[[], R]) -> R:
    """Returns the result of `call`, or raises its error. Raises TimeoutError after `seconds`.

    A blocking call cannot be interrupted, so it runs in a thread that is left behind after the timeout.
    """
    outcome: Future[R] = Future()

    def run() -> None:
        try:
            outcome.set_result(call())
        except BaseException as error:  # noqa: BLE001 - whatever it is, the waiting thread raises it
            outcome.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return outcome.result(timeout=seconds)
