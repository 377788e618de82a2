"""The employee's thumb, for when nobody sits at the phone: answers through the phone's own JSON API."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import httpx

from local.cli.errors import LocalError

type Answer = Literal["approve", "deny"]

_LOOKS = 20
_LOOK_SECONDS = 0.5
_READING_SECONDS = 2.0
_SAYING: dict[Answer, str] = {"approve": "approves", "deny": "denies"}


@dataclass(frozen=True)
class Phone:
    """`say` is told what a person would see and do; `wait` lets seconds pass."""

    http: httpx.Client
    say: Callable[[str], None]
    wait: Callable[[float], None] = time.sleep

    def answer(self, code: str, answer: Answer) -> None:
        """Answers the request that shows the caller's code, and no other: the comparison is what the code is for.

        Raises LocalError if the phone cannot be reached, or never shows that code.
        """
        try:
            request = self._find(code)
            self.wait(_READING_SECONDS)  # a person reads and compares first
            self.say(f"{request['email']} sees {request['binding_message']}, the code matches: {_SAYING[answer]}")
            self.http.post(f"/api/requests/{request['id']}/{answer}").raise_for_status()
        except httpx.HTTPError as error:
            raise LocalError(f"The phone at {self.http.base_url} does not answer: {error}") from error

    def _find(self, code: str) -> dict[str, Any]:
        for _ in range(_LOOKS):
            pending: list[dict[str, Any]] = self.http.get("/api/requests").raise_for_status().json()
            for request in pending:
                if request["binding_message"].rpartition(":")[2] == code:
                    return request
            self.wait(_LOOK_SECONDS)
        raise LocalError(f"No request on the phone shows the code {code}.")
