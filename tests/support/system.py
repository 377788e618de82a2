"""A caller and an employee of the running stack, over real HTTP."""

from __future__ import annotations

import asyncio
import secrets
import time
import uuid
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from string import ascii_lowercase
from typing import Any

import boto3
import httpx

from tests.support.waiting import wait_until

TERMINAL = {"TASK_STATE_COMPLETED", "TASK_STATE_REJECTED", "TASK_STATE_FAILED", "TASK_STATE_CANCELED"}
_IN_PROGRESS = {"TASK_STATE_SUBMITTED", "TASK_STATE_WORKING"}
# Employees have 60 s in the local stack, and a request without an answer ends 35 s later. A longer wait means that
# something hangs.
PATIENCE_SECONDS = 140
_LONGEST_PAUSE_SECONDS = 5
_AT_WORK = frozenset({"TASK_STATE_SUBMITTED", "TASK_STATE_WORKING"})

type Json = dict[str, Any]


FIRST_NAMES = ("Ana", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gul", "Hugo", "Ines", "Jun", "Kai", "Lena", "Mia", "Noor")
HR_RECORD = {"title": "Engineer", "department": "Platform", "start_date": "2024-01-08"}


@dataclass(frozen=True)
class Employee:
    """An employee in the identity provider and in HR. Each test hires its own, so that rate limits do not interfere."""

    name: str
    email: str
    sub: str

    @property
    def question(self) -> str:
        return f"Does {self.name} with email {self.email} work at Staff0?"

    @property
    def yes(self) -> str:
        return f"Yes, {self.name} is an active employee of Staff0."


@dataclass(frozen=True)
class System:
    stack: Json
    http: httpx.Client

    def hire(self, **profile: Any) -> Employee:
        """Creates an employee. `profile` goes to the identity provider, `status` to HR; None: no record."""
        [employee] = self.hire_many(1, **profile)
        return employee

    def hire_many(self, count: int, status: str | None = "active", **profile: Any) -> list[Employee]:
        people = [profile | _new_name() for _ in range(count)]
        answer = self.http.post(f"{self.stack['phone_url']}/api/employees", json=people).raise_for_status()
        hired = [Employee(**employee) for employee in answer.json()]
        if status is None:
            return hired
        with closing(self.aws("dynamodb")) as dynamodb:
            for employee in hired:
                record = {"id": employee.sub, "name": employee.name, "status": status, **HR_RECORD}
                item = {field: {"S": value} for field, value in record.items()}
                dynamodb.put_item(TableName=self.stack["employees_table"], Item=item)
        return hired

    def hire_as(self, employee: Employee, **profile: Any) -> None:
        """Creates a second user with the name and address of this employee, in another connection."""
        person = {"name": employee.name, "email": employee.email, **profile}
        self.http.post(f"{self.stack['phone_url']}/api/employees", json=person).raise_for_status()

    def aws(self, service: str) -> Any:
        """A boto3 client of the emulator."""
        session = boto3.Session(
            aws_access_key_id="test", aws_secret_access_key="test", region_name=self.stack["region"]
        )
        return session.client(service, endpoint_url=self.stack["aws_endpoint_url"])  # type: ignore[call-overload]

    def token(self, client: str = "acme", audience: str | None = None) -> str:
        credentials = self.stack["clients"][client]
        form = {"grant_type": "client_credentials", "audience": audience or self.stack["agent_audience"], **credentials}
        answer = self.http.post(f"{self.stack['issuer']}oauth/token", data=form).raise_for_status()
        return str(answer.json()["access_token"])

    def caller(self, client: str = "acme") -> Caller:
        return Caller(self, {"Authorization": f"Bearer {self.token(client)}", "A2A-Version": "1.0"})

    def pending(self) -> list[Json]:
        found: list[Json] = self.http.get(f"{self.stack['phone_url']}/api/requests").raise_for_status().json()
        return found

    def pushes(self, code: str) -> list[Json]:
        return [request for request in self.pending() if request["binding_message"].endswith(f":{code}")]

    def answer(self, code: str, answer: str) -> None:
        """Approves or denies the request with this code, as soon as it is on the phone."""
        [request] = self.pushed(code)
        self.http.post(f"{self.stack['phone_url']}/api/requests/{request['id']}/{answer}").raise_for_status()

    def pushed(self, code: str) -> list[Json]:
        """The requests with this code, as soon as there is one: the phone rings after the task says AUTH_REQUIRED."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := self.pushes(code)):
            assert time.monotonic() < deadline, f"no push with the code {code}"
            time.sleep(0.1)
        return found


@dataclass(frozen=True)
class Caller:
    """Speaks HTTP+JSON, and JSON-RPC with `rpc`."""

    system: System
    headers: dict[str, str]

    def message(self, text: str, **fields: Any) -> Json:
        return {"messageId": str(uuid.uuid4()), "role": "ROLE_USER", "parts": [{"text": text}], **fields}

    def post(self, path: str, body: Json) -> httpx.Response:
        return self.system.http.post(f"{self.system.stack['agent_url']}/v1{path}", json=body, headers=self.headers)

    def send(self, message: Json, **configuration: Any) -> Json:
        """The task. Waits for the employee's request longer than the agent does, unless the task is wanted at once."""
        body = {"message": message, "configuration": configuration}
        # 503 means "try again", and a second attempt with the same message creates no second task.
        answer = wait_until(lambda: self.post("/message:send", body), is_available)
        task: Json = answer.raise_for_status().json()["task"]
        if configuration.get("returnImmediately") or task["status"]["state"] not in _IN_PROGRESS:
            return task
        return wait_until(lambda: self._read(task), lambda read: read["status"]["state"] not in _IN_PROGRESS)

    def _read(self, task: Json) -> Json:
        read: Json = wait_until(lambda: self.get(task["id"]), is_available).raise_for_status().json()
        return read

    def ask(self, text: str) -> Json:
        return self.send(self.message(text))

    async def asked(self, text: str) -> Json:
        """Like `ask`, for several questions at once, after which the agent may still be at work when it answers."""
        task = await asyncio.to_thread(self.ask, text)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while task["status"]["state"] in _AT_WORK:
                await asyncio.sleep(1)
                answer = await asyncio.to_thread(self.get, task["id"])
                task = answer.raise_for_status().json() if is_available(answer) else task
        return task

    def get(self, task_id: str) -> httpx.Response:
        return self.system.http.get(f"{self.system.stack['agent_url']}/v1/tasks/{task_id}", headers=self.headers)

    def rpc(self, method: str, params: Json) -> Json:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer: Json = self.system.http.post(
            f"{self.system.stack['agent_url']}/rpc", json=body, headers=self.headers
        ).json()
        return answer

    async def ended(self, task: Json) -> Json:
        """Waits until the task has ended and returns it."""
        pause = 1.0
        async with asyncio.timeout(PATIENCE_SECONDS):
            while task["status"]["state"] not in TERMINAL:
                await asyncio.sleep(pause)
                pause = min(pause * 1.2, _LONGEST_PAUSE_SECONDS)
                answer = await asyncio.to_thread(self.get, task["id"])
                # 503 means "try again": on a busy laptop the agent's requests to the identity provider time out.
                if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                    task = answer.raise_for_status().json()
        return task

    async def verification(self, text: str, answer: str | None) -> Json:
        """Asks, lets the employee give this answer, or none, and returns the ended task."""
        task = await self.asked(text)
        if answer:
            await asyncio.to_thread(self.system.answer, code_of(task), answer)
        return await self.ended(task)


def _new_name() -> dict[str, str]:
    first, last = secrets.choice(FIRST_NAMES), "".join(secrets.choice(ascii_lowercase) for _ in range(7))
    return {"name": f"{first} {last.capitalize()}", "email": f"{first.lower()}.{last}@staff0.com"}


def is_available(answer: httpx.Response) -> bool:
    """False for 503, which asks the caller to try again."""
    return answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE


def code_of(task: Json) -> str:
    return str(task["status"]["message"]["metadata"]["code"])


def sentence_of(task: Json) -> str:
    """The sentence of the artifact, or the last message of the agent."""
    parts = task["artifacts"][0]["parts"] if task.get("artifacts") else task["status"]["message"]["parts"]
    return str(next(part["text"] for part in parts if "text" in part))


def texts_of(task: Json) -> list[str]:
    """The texts of all artifacts."""
    return [part["text"] for artifact in task["artifacts"] for part in artifact["parts"] if "text" in part]


def data_of(task: Json) -> Json:
    data: Json = next(part["data"] for part in task["artifacts"][0]["parts"] if "data" in part)
    return data
