"""What the demo says after the answer: what happened, and which commands to try next."""

from collections.abc import Mapping
from typing import Any, Final

from local.cli.settings import LocalSettings

type Report = Mapping[str, Any]
"""The JSON report of `python -m client --json`; empty if the client was stopped before it wrote one."""

_CLIENT: Final = ".venv/bin/python -m client"
_ENDINGS: Final = {
    "denied": "The employee denied the request. The caller learns that, and nothing from HR.",
    "not_confirmed": (
        "No answer came in time, or no employee has this address: the caller cannot tell the two apart, so that no "
        "caller finds out who works here."
    ),
    "timeout": "The client stopped waiting and canceled the request.",
}


def explain(report: Report, scene: str) -> str:
    """One line: what came of the request. `scene` adds what only this machine knows."""
    if report.get("state") == "COMPLETED":
        return _completed(report)
    if scene == "unknown" and report.get("reason") == "not_confirmed":
        return "No employee has this address, so no phone rang. The caller sees the same as after no answer."
    if scene == "expire" and report.get("reason") == "not_confirmed":
        return "The employee did not answer in time. The caller sees the same as for an address without an employee."
    if report.get("state") == "CANCELED" and report.get("reason") != "timeout":
        return "The request was canceled, so an approval now would disclose nothing."
    unknown = "The request did not come to an end: the error is above, and the logs are in .local/logs."
    return _ENDINGS.get(str(report.get("reason")), unknown)


def _completed(report: Report) -> str:
    if report.get("confirmed"):
        return "The employee approved, the agent read HR's record with the employee's own token, and signed the answer."
    return "The employee approved, and HR's record does not confirm what was asked. The agent signed that answer too."


def next_commands(report: Report, settings: LocalSettings) -> list[tuple[str, str]]:
    """Commands with what each one does."""
    commands = [
        ("DEMO=deny make demo", "another ending; also unknown, expire, auto, and details for the second question")
    ]
    if not settings.uses_auth0:
        question = f'{_CLIENT} "Is Maria Silva (msilva@staff0.com) employed?"'
        commands.append((question, f"your own question; answer at {settings.phone_url}"))
    if task := report.get("task_id"):
        commands.append(
            (f".venv/bin/python -m operations audit --task {task}", "what an operator sees of this request")
        )
    if statement := report.get("attestation"):
        commands.append((f"{_CLIENT}.verify {statement}", "verify the signed statement"))
    return [*commands, ("make down", "stop the stack, which keeps running until then")]
