"""`make events`: the sample events with ids and tokens of the running stack, for `sam local invoke`.

The samples have made-up ones, which the functions refuse. Asks one question, lets its employee approve, and writes
.local/events. Only with the stand-in identity provider: with a tenant this would ring a person's phone.
"""

import json
import time
import uuid
from dataclasses import dataclass
from typing import Any, Final

import httpx
from staff0.authorization_details import Disclosure, DisclosureFormat
from staff0.caller_registry import DEFAULT_PURPOSE
from staff0.clock import utc_now
from staff0.skills import EMPLOYMENT_STATUS, SKILLS

from local.cli.doctor import subject_of
from local.cli.paths import EVENTS, PROJECT, STACK
from local.cli.private_files import write_private
from local.cli.settings import LocalSettings
from local.errors import LocalError
from local.phone.automatic_answer import Phone
from operations.doctor.findings import Failed
from operations.doctor.identity_provider import CIBA_GRANT, IdentityProvider

SAMPLES: Final = PROJECT / "events"
_POLLS: Final = 60
_EXPIRY_SECONDS: Final = 60
_ASKED: Final = "TASK_STATE_AUTH_REQUIRED"
_TERMINAL: Final = frozenset({"TASK_STATE_COMPLETED", "TASK_STATE_FAILED", "TASK_STATE_REJECTED"})
# What the samples have.
_MESSAGE_ID: Final = "8a9f2c0e-6d1b-4a6e-9a53-2f1f0f7c1d01"
_TASK_ID: Final = "3f0c6a2e-5b0d-4c53-9d0e-0c1f6f2b7a11"
_REQUEST_ID: Final = "5d1e7c94-2f6a-4b0b-8c3d-9e8a1b6f4d02"
_CLIENT_ID: Final = "acme"
_EMPLOYEE_ID: Final = "auth0|65a1c0ffee0000000000d0e1"
_TOKEN: Final = "the.access.token"  # noqa: S105 - a placeholder
_OF_HR_API: Final = "hr-api-employee.json"


@dataclass(frozen=True)
class _Stack:
    """The running stack, as an HTTP client sees it."""

    http: httpx.Client
    described: dict[str, Any]

    def ended_task(self, question: str, token: str, phone: Phone) -> str:
        """The id of a task that the employee approved."""
        headers = {"Authorization": f"Bearer {token}", "A2A-Version": "1.0"}
        message = {"messageId": str(uuid.uuid4()), "role": "ROLE_USER", "parts": [{"text": question}]}
        agent = f"{self.described['agent_url']}/v1"
        answer = self.http.post(f"{agent}/message:send", json={"message": message}, headers=headers)
        task: dict[str, Any] = answer.raise_for_status().json()["task"]
        url = f"{agent}/tasks/{task['id']}"
        asked = self._read_until(url, headers, _TERMINAL | {_ASKED})
        if asked["status"]["state"] != _ASKED:
            raise LocalError(f"The employee was not asked: {asked['status']['message']['parts'][0]['text']}")
        phone.answer(asked["status"]["message"]["metadata"]["code"], "approve")
        self._read_until(url, headers, _TERMINAL)
        return str(task["id"])

    def _read_until(self, url: str, headers: dict[str, str], states: frozenset[str]) -> dict[str, Any]:
        for _ in range(_POLLS):
            task: dict[str, Any] = self.http.get(url, headers=headers).raise_for_status().json()
            if task["status"]["state"] in states:
                return task
            time.sleep(1)
        raise LocalError("The question was not answered in time: see .local/logs.")


def _employee_token(idp: IdentityProvider, sub: str, request_id: str, phone: Phone) -> str:
    """A token as the workflow gets it (CIBA), for a request of its own: the HR API answers each request once."""
    code = uuid.uuid4().hex[:6].upper()
    agreed = Disclosure("events", code, DEFAULT_PURPOSE, (EMPLOYMENT_STATUS.id,), request_id, _CLIENT_ID)
    details = json.dumps(DisclosureFormat(SKILLS.facts).write(agreed)) if idp.subject.authorization_details else ""
    asked = idp.start(sub, f"Staff0:events:{code}", _EXPIRY_SECONDS, details).raise_for_status().json()
    phone.answer(code, "approve")
    time.sleep(asked["interval"])
    form = {"grant_type": CIBA_GRANT, "auth_req_id": asked["auth_req_id"]}
    return str(idp.post("token_endpoint", idp.subject.hr_agent, form).raise_for_status().json()["access_token"])


def write_events(settings: LocalSettings) -> int:
    """Writes the events. Raises LocalError."""
    if settings.uses_auth0:
        raise LocalError("`make events` needs the stand-in identity provider: with a tenant it would ring a phone.")
    described = json.loads(STACK.read_text())
    with (
        httpx.Client(timeout=30, trust_env=False) as http,
        httpx.Client(base_url=described["phone_url"], trust_env=False) as phone_http,
    ):
        idp = IdentityProvider(subject_of(settings), http, utc_now)
        stack, phone = _Stack(http, described), Phone(phone_http, lambda _: None)
        try:
            values = _values(idp, stack, phone)
        except (httpx.HTTPError, Failed) as error:
            raise LocalError(f"The running stack did not answer: {error}. Run `make up`.") from error
    EVENTS.mkdir(exist_ok=True)
    for sample in sorted(SAMPLES.glob("*.json")):
        write_private(EVENTS / sample.name, _filled(sample.read_text(), values[sample.name == _OF_HR_API]))
    print(f"Events for `sam local invoke` are in {EVENTS.relative_to(PROJECT)}.")
    return 0


def _values(idp: IdentityProvider, stack: _Stack, phone: Phone) -> dict[bool, dict[str, str]]:
    """What replaces the text of a sample, for the events of the HR API and for the others."""
    idp.metadata()
    idp.caller()
    token, person = idp.caller_token.get_secret_value(), stack.described["employees"][0]
    question = f"Does {person['name']} with email {person['email']} work at Staff0?"
    ids = {
        _TASK_ID: stack.ended_task(question, token, phone),
        _MESSAGE_ID: str(uuid.uuid4()),
        _REQUEST_ID: str(uuid.uuid4()),
        _EMPLOYEE_ID: person["sub"],
    }
    employee_token = _employee_token(idp, person["sub"], ids[_REQUEST_ID], phone)
    return {False: {**ids, _TOKEN: token}, True: {**ids, _TOKEN: employee_token}}


def _filled(sample: str, values: dict[str, str]) -> str:
    for made_up, real in values.items():
        sample = sample.replace(made_up, real)
    return sample
