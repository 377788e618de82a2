"""Many verifications at once through the deployed local stack, with employees who answer after random times.

python -m tests.load.crowd [--verifications 200]        (make load)
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import httpx

from local.cli.paths import STACK
from tests.load.polling import MEDIAN_SECONDS, SIGMA
from tests.support.system import TERMINAL, Employee, System, code_of, sentence_of

CALLERS: Final = ("acme", "globex")
EXPECTED: Final = {"approve": "COMPLETED", "deny": "REJECTED", "cancel": "CANCELED", "nothing": "FAILED"}
_LATEST_ANSWER_SECONDS: Final = 40.0  # the local stack gives people 60 s
_PATIENCE_SECONDS: Final = 600
_FIRST_LOOK_SECONDS, _LAST_LOOK_SECONDS, _LESS_OFTEN = 2.0, 10.0, 1.3  # how often a caller asks for its task
_LEEWAY_SECONDS: Final = 0.3  # two processes read the clock at different moments
_TICKS: Final = "▁▂▃▄▅▆▇█"

type Json = dict[str, Any]


@dataclass
class Verification:
    """One question. The employee does `does` as soon as `after_seconds` passed since the push.

    `ended_at` is when the answer was in the table, whenever the caller asked for it.
    """

    caller: str
    person: Employee
    works_here: bool
    does: str
    after_seconds: float
    asked_at: float = 0.0
    answered_at: float = 0.0
    ended_at: float = 0.0
    task: Json = field(default_factory=dict)

    @property
    def state(self) -> str:
        return str(self.task["status"]["state"]).removeprefix("TASK_STATE_")

    @property
    def is_right(self) -> bool:
        if self.state != EXPECTED[self.does]:
            return False
        no = f"No, {self.person.name} is not an active employee of Staff0."
        return self.state != "COMPLETED" or sentence_of(self.task) == (self.person.yes if self.works_here else no)


@dataclass
class Crowd:
    """All seconds count from the first question."""

    system: System
    http: httpx.AsyncClient
    headers: dict[str, dict[str, str]]
    verifications: list[Verification]
    began: float = field(default_factory=time.monotonic)
    statuses: Counter[int] = field(default_factory=Counter)
    pushes: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    pending: list[int] = field(default_factory=list)

    async def run(self) -> None:
        """Runs until all tasks ended. Raises TimeoutError after ten minutes."""
        async with self.http, asyncio.timeout(_PATIENCE_SECONDS):
            phones = asyncio.create_task(self._phones())
            await asyncio.gather(*map(self._verify, self.verifications))
            phones.cancel()
            with suppress(asyncio.CancelledError):
                await phones

    def problems(self) -> Iterator[str]:
        """A line for each broken promise."""
        for one in self.verifications:
            if not one.is_right:
                yield f"{one.person.name}, whose part was to {one.does}: {one.state}"
            if len(self.pushes[one.person.sub]) != 1:
                yield f"{one.person.name} was pushed {len(self.pushes[one.person.sub])} times"
        yield from (f"{number} answers {status}" for status, number in self.statuses.items() if status >= 500)
        for poll in self.polls():
            since, interval = poll["seconds_since_last"], poll["interval_seconds"]
            if since is not None and since < interval - _LEEWAY_SECONDS:
                yield f"a poll after {since} s, where {interval} s are asked for"

    def polls(self) -> list[Json]:
        """The polls of these verifications, as the identity provider logged them."""
        log: list[Json] = self.system.http.get(f"{self.system.stack['phone_url']}/api/polls").json()
        ours = {request for requests in self.pushes.values() for request in requests}
        return [poll for poll in log if poll["request_id"] in ours]

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def since_start(self, timestamp: str) -> float:
        """Seconds from the first question to a moment that another process has written down."""
        return datetime.fromisoformat(timestamp).timestamp() - (time.time() - self.seconds)

    async def _verify(self, one: Verification) -> None:
        message = {"messageId": str(uuid.uuid4()), "role": "ROLE_USER", "parts": [{"text": one.person.question}]}
        body = {"message": message, "configuration": {"returnImmediately": True}}
        one.task = (await self._call(one, "POST", "/message:send", json=body))["task"]
        pause = _FIRST_LOOK_SECONDS
        while one.task["status"]["state"] not in TERMINAL:
            await asyncio.sleep(pause)
            pause = min(pause * _LESS_OFTEN, _LAST_LOOK_SECONDS)
            one.task = await self._call(one, "GET", f"/tasks/{one.task['id']}")
            if one.task["status"]["state"] == "TASK_STATE_AUTH_REQUIRED" and not one.asked_at:
                one.asked_at = self.seconds
                assert code_of(one.task)
                if one.does == "cancel":
                    await asyncio.sleep(one.after_seconds)
                    one.task = await self._call(one, "POST", f"/tasks/{one.task['id']}:cancel", json={})
        one.ended_at = self.since_start(one.task["status"]["timestamp"])

    async def _call(self, one: Verification, method: str, path: str, **more: Any) -> Json:
        """The answer. Repeats the request while the API responds with 429 or 5xx, of which each is a problem."""
        url = f"{self.system.stack['agent_url']}/v1{path}"
        while True:
            answer = await self.http.request(method, url, headers=self.headers[one.caller], **more)
            self.statuses[answer.status_code] += 1
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS and not answer.is_server_error:
                found: Json = answer.raise_for_status().json()
                return found
            await asyncio.sleep(float(answer.headers.get("Retry-After", 1)))

    async def _phones(self) -> None:
        """Answers on all phones, twice a second."""
        people = {one.person.sub: one for one in self.verifications}
        rang: dict[str, float] = {}
        while True:
            requests = (await self.http.get(f"{self.system.stack['phone_url']}/api/requests")).json()
            ours = [request for request in requests if request["sub"] in people]
            self.pending.append(len(ours))
            for request in ours:
                one, at = people[request["sub"]], rang.setdefault(request["id"], self.seconds)
                self.pushes[one.person.sub].add(request["id"])
                if one.does in {"approve", "deny"} and self.seconds - at >= one.after_seconds and not one.answered_at:
                    one.answered_at = self.seconds
                    url = f"{self.system.stack['phone_url']}/api/requests/{request['id']}/{one.does}"
                    (await self.http.post(url)).raise_for_status()
            await asyncio.sleep(0.5)


def crowd(system: System, count: int, seed: int = 1, *, silent: float = 0.1, all_approve: bool = False) -> Crowd:
    """`silent` is the share of employees who never answer."""
    dice = random.Random(seed)  # noqa: S311 - a simulation
    working = round(count * 0.8)
    people = system.hire_many(working), system.hire_many(count - working, status="terminated")
    verifications = [
        Verification(
            caller=CALLERS[number % len(CALLERS)],
            person=person,
            works_here=works_here,
            does="approve" if all_approve else dice.choices(list(EXPECTED), [0.85 - silent, 0.1, 0.05, silent])[0],
            after_seconds=min(dice.lognormvariate(0, SIGMA) * MEDIAN_SECONDS, _LATEST_ANSWER_SECONDS),
        )
        for works_here, group in zip((True, False), people, strict=True)
        for number, person in enumerate(group)
    ]
    dice.shuffle(verifications)
    limits = httpx.Limits(max_connections=50)
    http = httpx.AsyncClient(timeout=120, trust_env=False, limits=limits)
    return Crowd(system, http, {name: system.caller(name).headers for name in CALLERS}, verifications)


def summary(done: Crowd) -> Iterator[str]:
    endings = Counter(one.state for one in done.verifications)
    asked = [one.asked_at for one in done.verifications if one.asked_at]
    lags = [one.ended_at - one.answered_at for one in done.verifications if one.answered_at]
    polls, seconds = done.polls(), int(done.seconds)
    errors = Counter(poll["error"] or "token" for poll in polls)
    yield f"{len(done.verifications)} verifications in {seconds} s: {_listed(endings)}"
    yield f"answers of the API: {_listed(done.statuses)}"
    yield f"until the employee is asked: {_spread(asked)}; from their answer to the task's end: {_spread(lags)}"
    yield f"{len(polls)} polls, {len(polls) / len(done.verifications):.1f} each: {_listed(errors)}"
    ended = Counter(int(one.ended_at) for one in done.verifications)
    polled = Counter(int(done.since_start(poll["at"])) for poll in polls)
    yield _line("pending", done.pending[:: max(1, len(done.pending) // 70)])
    yield _line("polls/s", [polled[second] for second in range(seconds)][:: max(1, seconds // 70)])
    ends = [sum(number for at, number in ended.items() if at <= second) for second in range(seconds)]
    yield _line("ended", ends[:: max(1, seconds // 70)])


def _listed(counted: Counter[Any]) -> str:
    return ", ".join(f"{number} {what}" for what, number in counted.most_common())


def _spread(values: list[float]) -> str:
    if len(values) < 2:
        return "too few"
    parts = statistics.quantiles(values, n=20)
    return f"{parts[9]:.1f} s (95 %: {parts[18]:.1f} s)"


def _line(name: str, values: list[int]) -> str:
    most = max(values, default=0)
    ticks = "".join(_TICKS[value * (len(_TICKS) - 1) // most] if most else _TICKS[0] for value in values)
    return f"{name:<8} {ticks} most {most}"


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--verifications", type=int, default=200)
    count = options.parse_args().verifications
    with httpx.Client(timeout=60, trust_env=False) as http:
        done = crowd(System(json.loads(STACK.read_text()), http), count)
        asyncio.run(done.run())
        print(*summary(done), sep="\n")
        problems = list(done.problems())
    print(*(problems or ["None lost, none doubled, no 5xx, every answer right, no poll too early."]), sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
