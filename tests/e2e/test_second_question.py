"""Since when, and in which role: its own scope, its own facts on the phone, and more in the answer."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from local.cli.paths import PROJECT
from tests.support.system import Employee, System, code_of, data_of, sentence_of
from tests.support.waiting import wait_until

FACTS = ["employment_status", "name", "start_date", "job_title"]


def details_of(person: Employee) -> str:
    return f"Since when does {person.name} with email {person.email} work at Staff0, and in which role?"


def answer_about(person: Employee) -> str:
    return f"{person.yes} Start date: 2024-01-08. Job title: Engineer."


def test_answer_has_start_date_and_job_title(system: System) -> None:
    person = system.hire()
    caller = system.caller()
    task = caller.ask(details_of(person))
    approval = task["status"]["message"]["metadata"]["https://staff0/a2a/approval/v1"]
    assert (approval["purpose"], approval["facts"]) == ("employment_details", FACTS)
    system.answer(code_of(task), "approve")
    ended = asyncio.run(caller.ended(task))
    assert sentence_of(ended) == answer_about(person)
    data = data_of(ended)
    assert (data["start_date"], data["job_title"], data["facts"]) == ("2024-01-08", "Engineer", FACTS)


def test_former_employee_has_no_details(system: System) -> None:
    person = system.hire(status="terminated")
    ended = asyncio.run(system.caller().verification(details_of(person), "approve"))
    assert sentence_of(ended) == f"No, {person.name} is not an active employee of Staff0."
    assert not {"start_date", "job_title"} & data_of(ended).keys()


def test_caller_without_the_scope_is_rejected(system: System) -> None:
    """The same caller may ask the first question."""
    globex, person = system.caller("globex"), system.hire()
    task = globex.ask(details_of(person))
    assert task["status"]["state"] == "TASK_STATE_REJECTED"
    assert task["status"]["message"]["metadata"] == {"reason": "insufficient_scope"}
    assert "read:employment_details" in sentence_of(task)
    ended = asyncio.run(globex.verification(person.question, "approve"))
    assert sentence_of(ended) == person.yes
    further = globex.send(globex.message("And since when?", contextId=ended["contextId"]))
    assert further["status"]["message"]["metadata"] == {"reason": "insufficient_scope"}


def test_further_question_in_the_context_of_an_answer(system: System) -> None:
    caller, person = system.caller(), system.hire()
    first = asyncio.run(caller.verification(person.question, "approve"))
    second = caller.send(caller.message("And since when?", contextId=first["contextId"]))
    assert second["id"] != first["id"]
    system.answer(code_of(second), "approve")
    assert sentence_of(asyncio.run(caller.ended(second))) == answer_about(person)


def test_command_line_asks_and_verifies_it(system: System) -> None:
    person = system.hire()
    client = [sys.executable, "-m", "client"]
    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(_run, [*client, "--json", details_of(person)])
        [push] = _pushes_to(system, person)
        system.http.post(f"{system.stack['phone_url']}/api/requests/{push['id']}/approve").raise_for_status()
        report = json.loads(asked.result())
    assert (report["answer"], report["attestation_verified"]) == (answer_about(person), True)
    assert report["details"] == {"start_date": "2024-01-08", "job_title": "Engineer"}
    verified = _run([sys.executable, "-m", "client.verify", report["attestation"]])
    assert "Start date: 2024-01-08.\nJob title: Engineer.\n" in verified


def _run(command: list[str]) -> str:
    return subprocess.run(command, cwd=PROJECT, text=True, capture_output=True, check=True).stdout


def _pushes_to(system: System, person: Employee) -> list[dict[str, str]]:
    return wait_until(lambda: [request for request in system.pending() if request["email"] == person.email], bool)
