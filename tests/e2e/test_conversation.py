"""Cancel, resend, follow-up, unsupported questions and the tasks of other callers."""

from __future__ import annotations

import asyncio

from tests.support.system import System, code_of, sentence_of


def test_approval_after_cancel_discloses_nothing(system: System) -> None:
    caller = system.caller()
    task = caller.ask(system.hire().question)
    canceled = caller.post(f"/tasks/{task['id']}:cancel", {}).json()
    assert canceled["status"]["state"] == "TASK_STATE_CANCELED"
    system.answer(code_of(task), "approve")
    later = asyncio.run(caller.ended(caller.get(task["id"]).json()))
    assert later["status"] == canceled["status"]
    assert not later.get("artifacts")
    assert caller.post(f"/tasks/{task['id']}:cancel", {}).json()["status"] == canceled["status"]  # A2A 3.3.1


def test_resend_returns_same_task_without_second_push(system: System) -> None:
    caller = system.caller()
    message = caller.message(system.hire().question)
    first, again = caller.send(message), caller.send(message)
    assert first["id"] == again["id"]
    assert len(system.pushed(code_of(first))) == 1
    caller.post(f"/tasks/{first['id']}:cancel", {}).raise_for_status()


def test_follow_up_with_address_continues_the_task(system: System) -> None:
    caller, person = system.caller(), system.hire()
    asked = caller.ask(f"Does {person.name} work at Staff0?")
    assert asked["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    answer = caller.message(f"Her address is {person.email}.", taskId=asked["id"])
    continued = caller.send(answer)
    assert continued["contextId"] == asked["contextId"]
    assert continued["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"
    system.answer(code_of(continued), "approve")
    ended = asyncio.run(caller.ended(continued))
    assert sentence_of(ended) == person.yes
    refused = caller.post("/message:send", {"message": caller.message("Thanks", taskId=asked["id"])})
    assert refused.status_code == 400
    error = refused.json()["error"]
    assert error["message"] == "The task has ended with COMPLETED: GetTask returns its result."
    assert error["details"][0]["reason"] == "UNSUPPORTED_OPERATION"
    assert error["details"][0]["metadata"] == {"taskId": asked["id"]}


def test_context_alone_is_answered_by_its_task(system: System) -> None:
    """The same question, or none, rings no phone again."""
    caller, person = system.caller(), system.hire()
    task = caller.ask(person.question)
    for text in ("Any news?", person.question):
        again = caller.send(caller.message(text, contextId=task["contextId"]), returnImmediately=True)
        assert (again["id"], again["status"]["state"]) == (task["id"], "TASK_STATE_AUTH_REQUIRED")
    assert len(system.pushed(code_of(task))) == 1
    system.answer(code_of(task), "approve")
    ended = asyncio.run(caller.ended(task))
    late = caller.send(caller.message("Thanks!", contextId=task["contextId"]))
    assert (late["id"], sentence_of(late)) == (ended["id"], person.yes)


def test_refused_question_names_the_open_task(system: System) -> None:
    caller, person = system.caller(), system.hire()
    task = caller.ask(person.question)
    other = asyncio.run(caller.ended(caller.ask(f"Does Bob Smith with email {person.email} work at Staff0?")))
    metadata = other["status"]["message"]["metadata"]
    assert (metadata["reason"], metadata["live_task_id"]) == ("too_many_requests", task["id"])
    caller.post(f"/tasks/{task['id']}:cancel", {}).raise_for_status()


def test_question_as_data(system: System) -> None:
    caller, person = system.caller(), system.hire()
    data = {"data": {"name": person.name, "email": person.email}}
    task = caller.send(caller.message("") | {"parts": [data]})
    system.answer(code_of(task), "approve")
    assert sentence_of(asyncio.run(caller.ended(task))) == person.yes


def test_return_immediately(system: System) -> None:
    caller = system.caller()
    task = caller.send(caller.message(f"Is {system.hire().email} employed?"), returnImmediately=True)
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"
    caller.post(f"/tasks/{task['id']}:cancel", {}).raise_for_status()


def test_unsupported_question_is_rejected_without_a_push(system: System) -> None:
    caller, person = system.caller(), system.hire()
    for text in (f"What does {person.email} earn?", "Who works at Staff0?"):
        task = caller.ask(text)
        assert task["status"]["state"] == "TASK_STATE_REJECTED"
        assert task["status"]["message"]["metadata"] == {"reason": "unsupported_question"}
    assert not [request for request in system.pending() if request["email"] == person.email]


def test_second_address_asks_which_is_meant_before_a_push(system: System) -> None:
    caller, (one, other) = system.caller(), system.hire_many(2)
    task = caller.ask(f"{one.question}\nRegards, {other.name}, {other.email}")
    assert task["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    assert not [request for request in system.pending() if request["email"] in {one.email, other.email}]
    chosen = caller.send(caller.message(one.email, taskId=task["id"]))
    assert [request["email"] for request in system.pushed(code_of(chosen))] == [one.email]
    system.answer(code_of(chosen), "approve")
    assert sentence_of(asyncio.run(caller.ended(chosen))) == one.yes


def test_task_of_another_caller_is_not_found(system: System) -> None:
    task = system.caller("acme").ask("Does John Doe work at Staff0?")
    foreign, absent = system.caller("globex").get(task["id"]), system.caller("globex").get("no-such-task")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.json() == absent.json()
    listed = system.caller("globex").rpc("ListTasks", {})["result"]["tasks"]
    assert task["id"] not in {listed_task["id"] for listed_task in listed}


def test_both_bindings_return_the_same_task(system: System) -> None:
    caller = system.caller()
    task = caller.ask("Does John Doe work at Staff0?")
    assert caller.rpc("GetTask", {"id": task["id"]})["result"] == caller.get(task["id"]).json()
