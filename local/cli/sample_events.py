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

from local.cli import client_secrets
from local.cli.paths import EVENTS, PROJECT, STACK
from local.cli.private_files import write_private
from local.cli.settings import LocalSettings
from local.errors import LocalError
from local.phone.automatic_answer import Phone

SAMPLES: Final = PROJECT / "events"
_POLLS: Final = 20
_TERMINAL: Final = frozenset({"TASK_STATE_COMPLETED", "TASK_STATE_FAILED", "TASK_STATE_REJECTED"})
# What the samples have.
_MESSAGE_ID: Final = "8a9f2c0e-6d1b-4a6e-9a53-2f1f0f7c1d01"
_TASK_ID: Final = "3f0c6a2e-5b0d-4c53-9d0e-0c1f6f2b7a11"
_EMPLOYEE_ID: Final = "auth0|65a1c0ffee0000000000d0e1"
_TOKEN: Final = "the.access.token"  # noqa: S105 - a placeholder
_OF_HR_API: Final = "hr-api-employee.json"


@dataclass(frozen=True)
class _Stack:
    """The running stack, as an HTTP client sees it."""

    http: httpx.Client
    described: dict[str, Any]

    def caller_token(self) -> str:
        credentials = self.described["clients"]["acme"]
        form = {"grant_type": "client_credentials", "audience": self.described["agent_audience"], **credentials}
        return str(self._post("oauth/token", form)["access_token"])

    def employee_token(self, settings: LocalSettings, sub: str, phone: Phone) -> str:
        """The token that the workflow would get (CIBA), since it keeps none."""
        client = client_secrets.configured_clients(settings)[client_secrets.HR_AGENT]
        if not client["client_secret"]:
            raise LocalError("`make events` needs a client secret: unset CLIENT_AUTHENTICATION.")
        credentials = {"client_id": client["client_id"], "client_secret": client["client_secret"]}
        code = uuid.uuid4().hex[:6].upper()
        request = {
            "login_hint": json.dumps({"format": "iss_sub", "iss": self.described["issuer"], "sub": sub}),
            "scope": "openid read:employee",
            "audience": self.described["hr_api_audience"],
            "binding_message": f"Staff0:events:{code}",
        }
        asked = self._post("bc-authorize", {**request, **credentials})
        phone.answer(code, "approve")
        time.sleep(asked["interval"])
        form = {"grant_type": "urn:openid:params:grant-type:ciba", "auth_req_id": asked["auth_req_id"], **credentials}
        return str(self._post("oauth/token", form)["access_token"])

    def ended_task(self, question: str, token: str, phone: Phone) -> str:
        """The id of a task that the employee approved."""
        headers = {"Authorization": f"Bearer {token}", "A2A-Version": "1.0"}
        message = {"messageId": str(uuid.uuid4()), "role": "ROLE_USER", "parts": [{"text": question}]}
        agent = f"{self.described['agent_url']}/v1"
        answer = self.http.post(f"{agent}/message:send", json={"message": message}, headers=headers)
        task: dict[str, Any] = answer.raise_for_status().json()["task"]
        phone.answer(task["status"]["message"]["metadata"]["code"], "approve")
        for _ in range(_POLLS):
            task = self.http.get(f"{agent}/tasks/{task['id']}", headers=headers).raise_for_status().json()
            if task["status"]["state"] in _TERMINAL:
                return str(task["id"])
            time.sleep(1)
        raise LocalError("The question was not answered in time: see .local/logs.")

    def _post(self, path: str, form: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = (
            self.http.post(f"{self.described['issuer']}{path}", data=form).raise_for_status().json()
        )
        return answer


def write_events(settings: LocalSettings) -> int:
    """Writes the events. Raises LocalError."""
    if settings.uses_auth0:
        raise LocalError("`make events` needs the stand-in identity provider: with a tenant it would ring a phone.")
    described = json.loads(STACK.read_text())
    with (
        httpx.Client(timeout=30, trust_env=False) as http,
        httpx.Client(base_url=described["phone_url"], trust_env=False) as phone_http,
    ):
        stack, phone = _Stack(http, described), Phone(phone_http, lambda _: None, lambda _: None)
        person = described["employees"][0]
        try:
            values = _values(stack, settings, person, phone)
        except httpx.HTTPError as error:
            raise LocalError(f"The running stack did not answer: {error}. Run `make up`.") from error
    EVENTS.mkdir(exist_ok=True)
    for sample in sorted(SAMPLES.glob("*.json")):
        write_private(EVENTS / sample.name, _filled(sample.read_text(), values[sample.name == _OF_HR_API]))
    print(f"Events for `sam local invoke` are in {EVENTS.relative_to(PROJECT)}.")
    return 0


def _values(stack: _Stack, settings: LocalSettings, person: dict[str, str], phone: Phone) -> dict[bool, dict[str, str]]:
    """What replaces the text of a sample, for the events of the HR API and for the others."""
    token = stack.caller_token()
    question = f"Does {person['name']} with email {person['email']} work at Staff0?"
    ids = {
        _TASK_ID: stack.ended_task(question, token, phone),
        _MESSAGE_ID: str(uuid.uuid4()),
        _EMPLOYEE_ID: person["sub"],
    }
    return {False: {**ids, _TOKEN: token}, True: {**ids, _TOKEN: stack.employee_token(settings, person["sub"], phone)}}


def _filled(sample: str, values: dict[str, str]) -> str:
    for made_up, real in values.items():
        sample = sample.replace(made_up, real)
    return sample
