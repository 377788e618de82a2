"""A message to a running task withdraws it, corrects its subject or is only kept."""

from __future__ import annotations

from collections.abc import Callable
from copy import replace
from typing import Any

import pytest
from staff0.errors import TaskConflict
from staff0.tasks import TaskState, TaskStore, with_status

from tests.support.a2a_test_client import ASKS_WHO, Agent, JsonRpc, ProtocolError, reply, texts
from tests.support.clock import FakeClock
from tests.support.fake_approval_workflow import FakeApprovalWorkflow
from tests.support.fake_sleep import FakeSleep

type Advance = Callable[..., object]

WORKING, AUTH_REQUIRED, COMPLETED = TaskState.WORKING, TaskState.AUTH_REQUIRED, TaskState.COMPLETED


WITHDRAWALS = [
    "cancel",
    "Cancel!",
    "Please cancel the request.",
    "never mind",
    "Stop",
    "forget it, thanks",
    "withdraw this",
]
OTHER_TEXTS = ["Do not cancel", "Who can cancel this?", "He said cancel it and ask jroe", "cancel culture"]


@pytest.mark.parametrize("text", WITHDRAWALS)
async def test_withdrawal_in_words(
    agent: Agent, store: TaskStore, workflow: FakeApprovalWorkflow, advance: Advance, text: str
) -> None:
    task = await agent.send()
    advance(task["id"], WORKING, AUTH_REQUIRED)
    _, approval = store.find(task["id"])
    store.save_approval(replace(approval, sealed_auth_req_id=b"sealed"))
    canceled = await agent.send(text, "m-2", taskId=task["id"], at_once=False)
    assert canceled["status"]["state"] == "TASK_STATE_CANCELED"
    assert text in texts(canceled["history"])
    assert workflow.stopped == [task["id"]]
    assert store.find(task["id"])[1].sealed_auth_req_id is None


@pytest.mark.parametrize("text", OTHER_TEXTS)
async def test_other_texts_do_not_withdraw(
    agent: Agent, workflow: FakeApprovalWorkflow, advance: Advance, text: str
) -> None:
    task = await agent.send()
    advance(task["id"], WORKING, AUTH_REQUIRED)
    answered = await agent.send(text, "m-2", taskId=task["id"])
    assert answered["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"
    assert workflow.stopped == []


async def test_withdrawal_of_incomplete_question(agent: Agent) -> None:
    opened = await agent.send(ASKS_WHO)
    assert (await agent.send("cancel", "m-2", taskId=opened["id"]))["status"]["state"] == "TASK_STATE_CANCELED"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sorry, I meant jroe@staff0.com", "John Doe"),
        ("jroe@staff0.com", "John Doe"),
        ("Actually, does Jane Roe (jroe@staff0.com) work there?", "Jane Roe"),
    ],
)
async def test_correction_before_push(agent: Agent, store: TaskStore, advance: Advance, text: str, name: str) -> None:
    """A corrected subject is another person, so the end of the first person's rate limit is deleted."""
    task = await agent.send()
    advance(task["id"], WORKING)
    working, approval = store.find(task["id"])
    store.save_approval(replace(approval, again_at=working.deadline))
    corrected = await agent.send(text, "m-2", taskId=task["id"])
    assert "corrected" in reply(corrected)
    _, approval = store.find(task["id"])
    assert (approval.question.email, approval.question.name) == ("jroe@staff0.com", name)
    assert approval.again_at is None


async def test_correction_loses_to_push(
    agent: Agent, store: TaskStore, advance: Advance, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The workflow reserves its push between the read and the write of the correction, which then has no effect."""
    task = await agent.send()
    advance(task["id"], WORKING)
    commit, raced = TaskStore.commit, list[int]()

    def reserve_push_first(self: TaskStore, *args: Any, **kwargs: Any) -> object:
        if not raced:
            raced.append(1)
            stored, approval = store.find(task["id"])
            claimed = replace(approval, asked_at=clock(), code="ABCDEF")
            asked = with_status(stored.task, AUTH_REQUIRED, "asked", clock(), {"code": "ABCDEF"})
            commit(self, stored, asked, approval=claimed)
        return commit(self, *args, **kwargs)

    monkeypatch.setattr(TaskStore, "commit", reserve_push_first)
    late = await agent.send("Sorry, I meant jroe@staff0.com", "m-2", taskId=task["id"])
    assert late["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"
    assert "cannot be changed any more" in reply(late)
    assert store.find(task["id"])[1].question.email == "jdoe@staff0.com"


async def test_message_during_approval_keeps_code(agent: Agent, store: TaskStore, clock: FakeClock) -> None:
    task = await agent.send()
    stored, approval = store.find(task["id"])
    working = store.commit(stored, with_status(stored.task, WORKING, "…", clock()))
    asked = with_status(working.task, AUTH_REQUIRED, "asked", clock(), {"code": "ABCDEF", "expires_at": "later"})
    store.commit(working, asked, approval=replace(approval, asked_at=clock()))
    answered = await agent.send("Any news?", "m-2", taskId=task["id"], at_once=False)
    assert answered["status"]["message"]["metadata"] == {"code": "ABCDEF", "expires_at": "later"}
    assert "still open" in reply(answered)
    late = await agent.send("I meant jroe@staff0.com", "m-3", taskId=task["id"])
    assert "cannot be changed any more" in reply(late)
    same = await agent.send("I meant JDoe@staff0.com", "m-4", taskId=task["id"])
    assert "still open" in reply(same)


async def send_by_0_3(agent: Agent, text: str, task_id: str) -> Any:
    """The state after a blocking message of A2A 0.3, in the binding of `agent`."""
    message: Any = {"messageId": "m-2", "taskId": task_id}
    authorization = {"Authorization": agent.headers["Authorization"]}
    if isinstance(agent, JsonRpc):
        message |= {"role": "user", "parts": [{"kind": "text", "text": text}]}
        call = {"jsonrpc": "2.0", "id": 1, "method": "message/send", "params": {"message": message}}
        return (await agent.http.post("/rpc", json=call, headers=authorization)).json()["result"]
    body = {"message": message | {"role": "ROLE_USER", "content": [{"text": text}]}}
    return (await agent.http.post("/v1/v1/message:send", json=body, headers=authorization)).json()["task"]


@pytest.mark.parametrize("text", ["Any news?", "I meant jroe@staff0.com"])
async def test_blocking_follow_up_waits_for_answer(agent: Agent, advance: Advance, sleep: FakeSleep, text: str) -> None:
    """It returned at once with the state that the caller knew, and clients called in a loop."""
    task = await agent.send()
    advance(task["id"], WORKING, AUTH_REQUIRED)
    steps = iter([(), (WORKING,), (), (COMPLETED,)])
    sleep.meanwhile = lambda: advance(task["id"], *next(steps))
    answered = await agent.send(text, "m-2", taskId=task["id"], at_once=False)
    assert answered["status"]["state"] == "TASK_STATE_COMPLETED"
    assert len(sleep.delays) == 4


async def test_blocking_follow_up_of_0_3_waits_for_answer(agent: Agent, advance: Advance, sleep: FakeSleep) -> None:
    task = await agent.send()
    advance(task["id"], WORKING, AUTH_REQUIRED)
    sleep.meanwhile = lambda: advance(task["id"], WORKING, COMPLETED)
    answered = await send_by_0_3(agent, "Any news?", task["id"])
    assert answered["status"]["state"].lower().endswith("completed")


async def test_blocking_follow_up_waits_for_bounded_time(agent: Agent, advance: Advance, sleep: FakeSleep) -> None:
    task = await agent.send()
    advance(task["id"], WORKING, AUTH_REQUIRED)
    answered = await agent.send("Any news?", "m-2", taskId=task["id"], at_once=False)
    assert answered["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"
    assert 15 <= sum(sleep.delays) <= 25  # API Gateway gives up after 30 s


async def test_blocking_follow_up_ends_at_next_interruption(agent: Agent, advance: Advance, sleep: FakeSleep) -> None:
    task = await agent.send()
    advance(task["id"], WORKING, AUTH_REQUIRED)
    steps = iter([(WORKING,), (AUTH_REQUIRED,)])
    sleep.meanwhile = lambda: advance(task["id"], *next(steps))
    answered = await agent.send("Any news?", "m-2", taskId=task["id"], at_once=False)
    assert answered["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"


async def test_message_that_opens_task_still_ends_at_auth_required(
    agent: Agent, advance: Advance, sleep: FakeSleep
) -> None:
    """Also if it is sent again, by a client that has not seen the code yet."""
    task = await agent.send()
    advance(task["id"], WORKING, AUTH_REQUIRED)
    assert (await agent.send(at_once=False))["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"
    assert sleep.delays == []


async def test_conflicting_follow_up_is_repeated(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = await agent.send(ASKS_WHO)
    commit, raced = TaskStore.commit, list[int]()

    def conflict_once(self: TaskStore, *args: Any, **kwargs: Any) -> object:
        if not raced:
            raced.append(1)
            raise TaskConflict("another writer was faster")
        return commit(self, *args, **kwargs)

    monkeypatch.setattr(TaskStore, "commit", conflict_once)
    task = await agent.send("jdoe@staff0.com", "m-2", taskId=opened["id"])
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"


async def test_message_during_approval_is_kept(agent: Agent, advance: Advance) -> None:
    task = await agent.send()
    advance(task["id"], WORKING, AUTH_REQUIRED)
    answered = await agent.send("Any news?", "m-2", taskId=task["id"], at_once=False)
    assert answered["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"
    assert "Any news?" in texts(answered["history"])


ENDINGS = {
    "COMPLETED": [WORKING, AUTH_REQUIRED, WORKING, COMPLETED],
    "REJECTED": [TaskState.REJECTED],
    "FAILED": [WORKING, TaskState.FAILED],
    "CANCELED": [TaskState.CANCELED],
}


@pytest.mark.parametrize("ending", ENDINGS)
async def test_terminal_task_takes_no_message(agent: Agent, advance: Advance, ending: str) -> None:
    """The error leads to the result that is there. A model that reads "ask in a new task" rings the phone again."""
    task = await agent.send()
    advance(task["id"], *ENDINGS[ending])
    for call in (agent.send("And now?", "m-2", taskId=task["id"]), agent.subscribe(task["id"])):
        with pytest.raises(ProtocolError, match="UNSUPPORTED_OPERATION") as refused:
            await call
        assert refused.value.message == f"The task has ended with {ending}: GetTask returns its result."
        assert refused.value.metadata == {"taskId": task["id"]}


async def test_task_size_is_limited(agent: Agent, advance: Advance) -> None:
    task = await agent.send()
    advance(task["id"], WORKING)
    metadata = {"n": "x" * 90_000}
    for number in range(3):
        await agent.send("More", f"more-{number}", taskId=task["id"], metadata=metadata)
    with pytest.raises(ProtocolError, match="UNSUPPORTED_OPERATION"):
        await agent.send("More", "more-3", taskId=task["id"], metadata=metadata)
    advance(task["id"], TaskState.FAILED)
