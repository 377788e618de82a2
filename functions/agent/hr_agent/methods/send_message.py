"""SendMessage (A2A 3.1.1): opens a task or goes on with one that waits for its caller."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from a2a.types import Message, SendMessageRequest, Task
from a2a.utils.errors import InvalidParamsError, UnsupportedOperationError
from a2a.utils.task import apply_history_length, validate_history_length
from staff0.clock import Clock
from staff0.errors import TaskClosed
from staff0.tasks import (
    ListQuery,
    PushConfig,
    StoredTask,
    TaskState,
    retry_on_conflict,
    retry_on_conflict_async,
    with_user_message,
)

from hr_agent.http.caller import Caller
from hr_agent.methods.approval_workflow import ApprovalWorkflow
from hr_agent.methods.backoff import Sleep, backoff_delays
from hr_agent.methods.caller_tasks import CallerTasks
from hr_agent.methods.follow_up import FollowUp, FollowUpContext, user_texts
from hr_agent.methods.message_validation import message_key, validated_text
from hr_agent.methods.new_approval import ApprovalFactory
from hr_agent.methods.push_notification_configs import PushNotificationConfigs
from hr_agent.questions import QuestionParser, parse_and_validate
from hr_agent.questions.decision import Decision, decide

WAIT: Final = timedelta(seconds=20)  # an HTTP API gives up after 30 s; a cold start comes before
_MAX_TASK_BYTES: Final = 300_000  # an item of DynamoDB ends at 400 KB, and the loop has to write too


@dataclass(frozen=True)
class SendMessage:
    """The verb with what it needs. `new_id` makes ids nobody can guess; `expiry_seconds` is the employee's time."""

    tasks: CallerTasks
    push_configs: PushNotificationConfigs
    loop: ApprovalWorkflow
    reader: QuestionParser
    clock: Clock
    sleep: Sleep
    new_id: Callable[[], str]
    expiry_seconds: int

    async def __call__(self, params: SendMessageRequest, caller: Caller) -> Task:
        """The task: at once, or as soon as it waits for somebody or has ended, within a bounded time (A2A 3.2.2).

        Raises what `begin` raises.
        """
        until = self.clock() + WAIT
        stored = await self.begin(params, caller)
        if not params.configuration.return_immediately:
            stored = await self._settled(stored, until)
        return apply_history_length(stored.task, params.configuration)

    async def begin(self, params: SendMessageRequest, caller: Caller) -> StoredTask:
        """The task with the message in it, and its loop started or stopped.

        Raises TaskNotFound, TaskClosed and the protocol's errors for what cannot be read.
        """
        validate_history_length(params.configuration)
        text = validated_text(params)
        stored = await (self._go_on if params.message.task_id else self._open)(params, text, caller)
        if stored.state is TaskState.SUBMITTED:
            # Also for a message sent again: its first sending may have died right here.
            self.loop.start(stored.task.id)
        elif stored.state is TaskState.CANCELED:
            self.loop.stop(stored.task.id)
        return stored

    @property
    def _opening(self) -> ApprovalFactory:
        return ApprovalFactory(self.clock, self.expiry_seconds)

    async def _open(self, params: SendMessageRequest, text: str, caller: Caller) -> StoredTask:
        message, opening = params.message, self._opening
        step = await self._first_step(message, text, caller)
        task_id, context_id = self.new_id(), message.context_id or self.new_id()
        heard = with_user_message(Task(id=task_id, context_id=context_id), _placed(message, task_id, context_id))
        task = self.tasks.with_status(heard, step.state, step.text, step.reason)
        approval, deadline = opening.approval(task_id, caller, step), opening.deadline(step)
        key, push_config = message_key(message), self._push_config(params, task_id, caller, since=0)
        stored, _ = retry_on_conflict(
            lambda: self.tasks.store.create(
                caller.owner, task, key, approval=approval, deadline=deadline, push_config=push_config
            )
        )
        return stored

    async def _first_step(self, message: Message, text: str, caller: Caller) -> Decision:
        """What the message asks; where it says too little, what it asks in its conversation (A2A 3.4.2)."""
        step = decide(await parse_and_validate(text, self.reader))
        is_whole = step.question is not None and step.question.name is not None
        if is_whole or not message.context_id:
            return step
        open_questions = ListQuery(context_id=message.context_id, state=TaskState.INPUT_REQUIRED, page_size=1)
        for task in self.tasks.store.page(caller.owner, open_questions).tasks:
            together = decide(await parse_and_validate("\n".join([*user_texts(task), text]), self.reader))
            return together if together.question else step
        return step

    async def _go_on(self, params: SendMessageRequest, text: str, caller: Caller) -> StoredTask:
        return await retry_on_conflict_async(lambda: self._answer(params, text, caller))

    async def _answer(self, params: SendMessageRequest, text: str, caller: Caller) -> StoredTask:
        message = params.message
        stored = self.tasks.get(caller.owner, message.task_id)
        if message.context_id and message.context_id != stored.task.context_id:
            raise InvalidParamsError(message="The task belongs to another context.")  # A2A 3.4.3
        placed = _placed(message, stored.task.id, stored.task.context_id)
        if placed in stored.task.history:  # sent again; not by its id alone, which clients reuse
            return stored
        if stored.state.is_terminal:
            raise TaskClosed(stored.task.id)
        heard = with_user_message(stored.task, placed)
        if heard.ByteSize() > _MAX_TASK_BYTES:
            raise UnsupportedOperationError(message="The task takes no more messages.")
        push_config = self._push_config(params, stored.task.id, caller, since=stored.version)
        follow_up = FollowUp(self.tasks, self.reader, self._opening)
        return await follow_up(FollowUpContext(stored, heard, text, push_config), caller)

    def _push_config(self, params: SendMessageRequest, task_id: str, caller: Caller, since: int) -> PushConfig | None:
        if not params.configuration.HasField("task_push_notification_config"):
            return None
        return self.push_configs.read(params.configuration.task_push_notification_config, task_id, caller, since)

    async def _settled(self, stored: StoredTask, until: datetime) -> StoredTask:
        gaps = backoff_delays()
        while not (stored.state.is_interrupted or stored.state.is_terminal) and self.clock() < until:
            await self.sleep(next(gaps))
            stored = self.tasks.get(stored.owner, stored.task.id)
        return stored


def _placed(message: Message, task_id: str, context_id: str) -> Message:
    placed = Message()
    placed.CopyFrom(message)
    placed.task_id, placed.context_id = task_id, context_id
    return placed
