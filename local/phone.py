"""The employee's thumb, for when nobody sits at the phone: answers through the phone's own JSON API."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

import httpx

type Answer = Literal["approve", "deny"]

_LOOK_SECONDS = 0.5
_LOOKS_BEFORE_ANSWERING = 6  # a person reads and compares the code first


class Phone:
    """`say` is told what a person would see and do."""

    def __init__(self, phone_url: str, say: Callable[[str], None]) -> None:
        self._http = httpx.Client(base_url=phone_url, timeout=5, trust_env=False)
        self._say = say
        # What was on the phone before is somebody else's request.
        self._not_ours = {request["id"] for request in self._pending()}

    def answer_new_requests(self, answer: Answer, stop: threading.Event) -> None:
        """Answers each request that comes from now on, until told to stop."""
        looks: Counter[str] = Counter()
        while not stop.wait(_LOOK_SECONDS):
            for request in self._pending():
                looks[request["id"]] += 1
                if request["id"] not in self._not_ours and looks[request["id"]] == _LOOKS_BEFORE_ANSWERING:
                    self._answer(request, answer)

    def _answer(self, request: dict[str, Any], answer: Answer) -> None:
        done = {"approve": "approves", "deny": "denies"}[answer]
        self._say(f"{request['email']} sees {request['binding_message']} and {done}")
        self._http.post(f"/api/requests/{request['id']}/{answer}").raise_for_status()

    def _pending(self) -> list[dict[str, Any]]:
        pending: list[dict[str, Any]] = self._http.get("/api/requests").raise_for_status().json()
        return pending
