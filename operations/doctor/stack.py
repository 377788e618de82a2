"""Check 11: the deployed agent and HR API verify tokens, and know the caller."""

from typing import Final

import httpx

from operations.doctor.findings import Failed, NotChecked
from operations.doctor.http import describe, send
from operations.doctor.identity_provider import IdentityProvider

_DEPLOY: Final = "is the stack deployed and running? `make up`; in the cloud `sam deploy`"
_TASK: Final = "00000000-0000-4000-8000-000000000000"  # a task that does not exist


def check(http: httpx.Client, idp: IdentityProvider) -> str:
    subject = idp.subject
    if not subject.agent_url:
        raise Failed("no stack was found", _DEPLOY)
    agent, hr_api = subject.agent_url.rstrip("/"), subject.hr_api_url.rstrip("/")
    card = send(http, "GET", f"{agent}/.well-known/agent-card.json", no_answer=_DEPLOY)
    if not card.is_success:
        raise Failed(f"the agent's card: {describe(card)}", "look at the log of the agent")
    without_token = send(http, "GET", f"{hr_api}/employees/doctor", no_answer=_DEPLOY)
    if without_token.status_code != httpx.codes.UNAUTHORIZED:
        raise Failed(
            f"the HR API without a token: {describe(without_token)}", "it must answer 401: is HrApiBaseUrl right?"
        )
    try:
        token = idp.caller_token.get_secret_value()
    except NotChecked:
        return "the agent and the HR API answer; not asked with a caller's token, since check 4 gave none"
    headers = {"Authorization": f"Bearer {token}", "A2A-Version": "1.0"}
    return _as_caller(http, agent, hr_api, headers)


def _as_caller(http: httpx.Client, agent: str, hr_api: str, headers: dict[str, str]) -> str:
    task = send(http, "GET", f"{agent}/v1/tasks/{_TASK}", no_answer=_DEPLOY, headers=headers)
    match task.status_code:
        case httpx.codes.UNAUTHORIZED:
            raise Failed(f"the agent refuses the token: {describe(task)}", "AgentAudience, Auth0Issuer as in check 4?")
        case httpx.codes.FORBIDDEN:
            advice = "python -m operations [--stack-name NAME] callers add CLIENT_ID NAME"
            raise Failed(f"the agent does not know this caller: {describe(task)}", advice)
        case status if status != httpx.codes.NOT_FOUND:
            raise Failed(f"the agent, asked for a task: {describe(task)}", "look at the log of the agent")
    employee = send(http, "GET", f"{hr_api}/employees/doctor", no_answer=_DEPLOY, headers=headers)
    if employee.status_code not in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        advice = "it must verify the audience of tokens itself: HrApiAudience, HrApiBaseUrl"
        raise Failed(f"the HR API accepts a caller's token: {describe(employee)}", advice)
    return "the agent knows the caller, and the HR API refuses a caller's token"
