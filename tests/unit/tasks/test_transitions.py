from datetime import UTC, datetime

from a2a.types import Message, Part, Role, Task
from staff0.tasks import TaskState, with_status, with_user_message

AT = datetime(2026, 1, 5, tzinfo=UTC)


def test_history_keeps_earlier_messages() -> None:
    task = with_status(Task(id="t", context_id="c"), TaskState.SUBMITTED, "first", AT)
    question = Message(message_id="m", role=Role.ROLE_USER, parts=[Part(text="who?")])
    later = with_status(with_user_message(task, question), TaskState.WORKING, "second", AT, {"code": "X"})
    assert [message.parts[0].text for message in later.history] == ["who?", "first"]
    assert later.status.message.metadata["code"] == "X"
    assert not task.history  # the given task stays unchanged
