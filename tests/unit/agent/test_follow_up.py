"""What a message to an open task does: it completes, corrects, withdraws, or is just heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from staff0.errors import TaskConflict
from staff0.tasks import TaskState, TaskStore, moved

from tests.conftest import FakeClock
from tests.unit.agent.asking import Agent, Refused
from tests.unit.agent.conftest import FakeLoop

type Advance = Callable[..., object]

ASKS_WHO = "Does John Doe work at Staff0?"
WORKING, AUTH_REQUIRED, COMPLETED = TaskState.WORKING, TaskState.AUTH_REQUIRED, TaskState.COMPLETED


def texts(history: Any) -> list[str]:
    return [part["text"] for said in history for part in said["parts"]]


def reply(task: Any) -> str:
    return str(task["status"]["message"]["parts"][0]["text"])


# A question that is not complete


async def test_the_address_in_a_follow_up_completes_the_question(
    agent: Agent, store: TaskStore, loop: FakeLoop
) -> None:
    asked = await agent.send(ASKS_WHO)
    task = await agent.send("jdoe@staff0.com", "m-2", taskId=asked["id"], at_once=False)
    assert task["id"] == asked["id"]
    assert task["contextId"] == asked["contextId"]  # inferred, A2A 3.4.3
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"  # never the interrupted state it came from
    stored, approval = store.find(task["id"])
    assert (approval.question.name, approval.question.email) == ("John Doe", "jdoe@staff0.com")
    assert stored.deadline is not None
    assert loop.started == [task["id"]]


async def test_a_follow_up_under_a_reused_message_id_is_heard(agent: Agent) -> None:
    asked = await agent.send(ASKS_WHO, "m-1")
    task = await agent.send("jdoe@staff0.com", "m-1", taskId=asked["id"])
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"


async def test_a_follow_up_sent_twice_is_heard_once_and_starts_the_loop_again_if_it_was_lost(
    agent: Agent, loop: FakeLoop
) -> None:
    asked = await agent.send(ASKS_WHO)
    loop.outage = EndpointConnectionError(endpoint_url="https://states.example")
    with pytest.raises(Refused):
        await agent.send("jdoe@staff0.com", "m-2", taskId=asked["id"])
    loop.outage = None
    task = await agent.send("jdoe@staff0.com", "m-2", taskId=asked["id"])
    assert loop.started == [asked["id"]]
    assert sum(said["messageId"] == "m-2" for said in task["history"]) == 1


async def test_a_follow_up_without_an_address_is_asked_again(agent: Agent) -> None:
    asked = await agent.send(ASKS_WHO)
    task = await agent.send("He is in sales, I think. He is employed there.", "m-2", taskId=asked["id"])
    assert task["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"


async def test_a_follow_up_in_another_context_is_refused(agent: Agent) -> None:
    asked = await agent.send(ASKS_WHO)
    with pytest.raises(Refused, match="INVALID_PARAMS"):
        await agent.send("jdoe@staff0.com", "m-2", taskId=asked["id"], contextId="another")


@pytest.mark.parametrize("text", ["Thanks!", "Hello?", "What is the weather like?", "What does jdoe@staff0.com earn?"])
async def test_small_talk_never_costs_an_open_question(agent: Agent, loop: FakeLoop, text: str) -> None:
    asked = await agent.send(ASKS_WHO)
    task = await agent.send(text, "m-2", taskId=asked["id"])
    assert task["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    assert "address" in reply(task)
    going_on = await agent.send("jdoe@staff0.com", "m-3", taskId=asked["id"])
    assert going_on["status"]["state"] in {"TASK_STATE_SUBMITTED", "TASK_STATE_INPUT_REQUIRED"}
    assert loop.started in ([], [asked["id"]])


async def test_two_people_in_a_follow_up_are_asked_back_one_by_one(agent: Agent, loop: FakeLoop) -> None:
    asked = await agent.send(ASKS_WHO)
    task = await agent.send("jdoe@staff0.com and jroe@staff0.com", "m-2", taskId=asked["id"])
    assert task["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    assert "one employment at a time" in reply(task)
    assert loop.started == []


async def test_an_address_in_the_same_conversation_completes_its_open_question(
    agent: Agent, globex: Agent, store: TaskStore
) -> None:
    """Without a task id it is a task of its own (A2A 3.4.2), but what was said before counts."""
    await agent.send(ASKS_WHO, contextId="case-7")
    task = await agent.send("The address is jdoe@staff0.com, sorry.", "m-2", contextId="case-7")
    _, approval = store.find(task["id"])
    assert (approval.question.name, approval.question.email) == ("John Doe", "jdoe@staff0.com")
    foreign = await globex.send("The address is jdoe@staff0.com.", "m-2", contextId="case-7")
    assert store.find(foreign["id"])[1].question.name is None


# A question that runs


WITHDRAWALS = [
    "cancel",
    "Cancel!",
    "Please cancel the request.",
    "never mind",
    "Stop",
    "forget it, thanks",
    "withdraw this",
]
NO_WITHDRAWALS = ["Do not cancel", "Who can cancel this?", "He said cancel it and ask jroe", "cancel culture"]


@pytest.mark.parametrize("text", WITHDRAWALS)
async def test_cancel_in_words_withdraws_the_request(
    agent: Agent, store: TaskStore, loop: FakeLoop, advance: Advance, text: str
) -> None:
    task = await agent.send()
    advance(task["id"], WORKING, AUTH_REQUIRED)
    _, approval = store.find(task["id"])
    store.save_approval(approval.model_copy(update={"sealed_auth_req_id": b"sealed"}))
    canceled = await agent.send(text, "m-2", taskId=task["id"], at_once=False)
    assert canceled["status"]["state"] == "TASK_STATE_CANCELED"
    assert text in texts(canceled["history"])
    assert loop.stopped == [task["id"]]
    assert store.find(task["id"])[1].sealed_auth_req_id is None


@pytest.mark.parametrize("text", NO_WITHDRAWALS)
async def test_only_a_plain_cancel_withdraws(agent: Agent, loop: FakeLoop, advance: Advance, text: str) -> None:
    task = await agent.send()
    advance(task["id"], WORKING, AUTH_REQUIRED)
    kept = await agent.send(text, "m-2", taskId=task["id"])
    assert kept["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"
    assert loop.stopped == []


async def test_an_open_question_can_be_withdrawn_in_words(agent: Agent) -> None:
    asked = await agent.send(ASKS_WHO)
    assert (await agent.send("cancel", "m-2", taskId=asked["id"]))["status"]["state"] == "TASK_STATE_CANCELED"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sorry, I meant jroe@staff0.com", "John Doe"),
        ("jroe@staff0.com", "John Doe"),
        ("Actually, does Jane Roe (jroe@staff0.com) work there?", "Jane Roe"),
    ],
)
async def test_the_address_can_be_corrected_until_somebody_is_asked(
    agent: Agent, store: TaskStore, advance: Advance, text: str, name: str
) -> None:
    """And then counts as another person: the time of the first one's limits is gone."""
    task = await agent.send()
    advance(task["id"], WORKING)
    working, approval = store.find(task["id"])
    store.save_approval(approval.model_copy(update={"again_at": working.deadline}))
    corrected = await agent.send(text, "m-2", taskId=task["id"])
    assert "corrected" in reply(corrected)
    _, approval = store.find(task["id"])
    assert (approval.question.email, approval.question.name) == ("jroe@staff0.com", name)
    assert approval.again_at is None


async def test_a_correction_and_the_push_cannot_both_count(
    agent: Agent, store: TaskStore, advance: Advance, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop claims its one push between the correction's read and its write: the correction is told so."""
    task = await agent.send()
    advance(task["id"], WORKING)
    commit, raced = TaskStore.commit, list[int]()

    def claim_first(self: TaskStore, *args: Any, **kwargs: Any) -> object:
        if not raced:
            raced.append(1)
            stored, approval = store.find(task["id"])
            claimed = approval.model_copy(update={"asked_at": clock(), "code": "ABCDEF"})
            asked = moved(stored.task, AUTH_REQUIRED, "asked", clock(), {"code": "ABCDEF"})
            commit(self, stored, asked, approval=claimed)
        return commit(self, *args, **kwargs)

    monkeypatch.setattr(TaskStore, "commit", claim_first)
    late = await agent.send("Sorry, I meant jroe@staff0.com", "m-2", taskId=task["id"])
    assert late["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"
    assert "cannot be changed any more" in reply(late)
    assert store.find(task["id"])[1].question.email == "jdoe@staff0.com"


async def test_what_is_said_while_the_employee_decides_keeps_the_code(
    agent: Agent, store: TaskStore, clock: FakeClock
) -> None:
    task = await agent.send()
    stored, approval = store.find(task["id"])
    working = store.commit(stored, moved(stored.task, WORKING, "…", clock()))
    asked = moved(working.task, AUTH_REQUIRED, "asked", clock(), {"code": "ABCDEF", "expires_at": "later"})
    store.commit(working, asked, approval=approval.model_copy(update={"asked_at": clock()}))
    told = await agent.send("Any news?", "m-2", taskId=task["id"], at_once=False)
    assert told["status"]["message"]["metadata"] == {"code": "ABCDEF", "expires_at": "later"}
    assert "still open" in reply(told)
    late = await agent.send("I meant jroe@staff0.com", "m-3", taskId=task["id"])
    assert "cannot be changed any more" in reply(late)
    same = await agent.send("I meant JDoe@staff0.com", "m-4", taskId=task["id"])
    assert "still open" in reply(same)


async def test_two_followers_at_once_are_both_heard(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = await agent.send(ASKS_WHO)
    commit, raced = TaskStore.commit, list[int]()

    def loses_once(self: TaskStore, *args: Any, **kwargs: Any) -> object:
        if not raced:
            raced.append(1)
            raise TaskConflict("somebody wrote first")
        return commit(self, *args, **kwargs)

    monkeypatch.setattr(TaskStore, "commit", loses_once)
    task = await agent.send("jdoe@staff0.com", "m-2", taskId=asked["id"])
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"


async def test_a_message_while_the_employee_decides_is_kept_and_changes_nothing(agent: Agent, advance: Advance) -> None:
    task = await agent.send()
    advance(task["id"], WORKING, AUTH_REQUIRED)
    told = await agent.send("Any news?", "m-2", taskId=task["id"], at_once=False)
    assert told["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"
    assert "Any news?" in texts(told["history"])


async def test_a_closed_task_takes_no_second_answer(agent: Agent, advance: Advance) -> None:
    task = await agent.send()
    advance(task["id"], WORKING, AUTH_REQUIRED, WORKING, COMPLETED)
    with pytest.raises(Refused, match="UNSUPPORTED_OPERATION"):
        await agent.send("And now?", "m-2", taskId=task["id"])


async def test_a_flood_of_messages_never_makes_a_task_too_big_to_end(agent: Agent, advance: Advance) -> None:
    task = await agent.send()
    advance(task["id"], WORKING)
    ballast = {"n": "x" * 90_000}
    for number in range(3):
        await agent.send("More", f"more-{number}", taskId=task["id"], metadata=ballast)
    with pytest.raises(Refused, match="UNSUPPORTED_OPERATION"):
        await agent.send("More", "more-3", taskId=task["id"], metadata=ballast)
    advance(task["id"], TaskState.FAILED)
