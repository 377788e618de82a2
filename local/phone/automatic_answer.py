"""Automatic answers of an employee, through the phone's JSON API: for the demo without a person."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import httpx

from local.errors import LocalError

type Answer = Literal["approve", "deny"]

_ATTEMPTS = 20
_ATTEMPT_SECONDS = 0.5
_COMPARE_SECONDS = 2.0
_VERBS: dict[Answer, str] = {"approve": "approves", "deny": "denies"}


@dataclass(frozen=True)
class Phone:
    """`say` prints what the employee sees and does. `wait` sleeps for a number of seconds."""

    http: httpx.Client
    say: Callable[[str], None]
    wait: Callable[[float], None] = time.sleep

    def answer(self, code: str, answer: Answer) -> None:
        """Answers only the request with the caller's code, as a careful employee does.

        Raises LocalError if the phone does not respond, or shows no such request within 10 s.
        """
        try:
            request = self._find(code)
            self.wait(_COMPARE_SECONDS)  # a person compares the codes first
            self.say(f"{request['email']} sees {request['binding_message']}, the codes match: {_VERBS[answer]}")
            self.http.post(f"/api/requests/{request['id']}/{answer}").raise_for_status()
        except httpx.HTTPError as error:
            raise LocalError(f"The phone at {self.http.base_url} does not respond: {error}") from error

    def _find(self, code: str) -> dict[str, Any]:
        for _ in range(_ATTEMPTS):
            pending: list[dict[str, Any]] = self.http.get("/api/requests").raise_for_status().json()
            for request in pending:
                if request["binding_message"].rpartition(":")[2] == code:
                    return request
            self.wait(_ATTEMPT_SECONDS)
        raise LocalError(f"No request on the phone shows the code {code}.")
