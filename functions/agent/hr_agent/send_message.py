"""SendMessage (A2A 3.1.1): opens a task or goes on with one that waits for its caller."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from a2a.types import Message, Role, SendMessageRequest, Task
from a2a.utils.errors import InvalidParamsError, UnsupportedOperationError
from a2a.utils.task import apply_history_length, validate_history_length
from staff0.clock import Clock
from staff0.errors import TaskClosed, TaskConflict
from staff0.question import Question
from staff0.tasks import ATTEMPTS, Approval, StoredTask, TaskState, retried, told

from hr_agent.caller import Caller
from hr_agent.loop import Loop
from hr_agent.messages import checked_text, key_of
from hr_agent.next_step import Step, next_step
from hr_agent.reading import Intent, QuestionReader, Reading, understand
from hr_agent.tasks import Tasks

type Sleep = Callable[[float], Awaitable[None]]

WAIT: Final = timedelta(seconds=20)  # an HTTP API gives up after 30 s; a cold start comes before
_FIRST_LOOK_SECONDS: Final = 0.1
_LONGEST_LOOK_SECONDS: Final = 1.0
_MARGIN: Final = timedelta(seconds=120)
_MAX_TASK_BYTES: Final = 300_000  # an item of DynamoDB ends at 400 KB, and the loop has to write too


@dataclass(frozen=True)
class SendMessage:
    """The verb with what it needs. `new_id` makes ids nobody can guess; `expiry_seconds` is the employee's time."""

    tasks: Tasks
    loop: Loop
    reader: QuestionReader
    clock: Clock
    sleep: Sleep
    new_id: Callable[[], str]
    expiry_seconds: int

    async def __call__(self, params: SendMessageRequest, caller: Caller) -> Task:
        """The task: at once, or as soon as it waits for somebody or has ended, within a bounded time (A2A 3.2.2).

        Raises TaskNotFound, TaskClosed, TaskConflict and the protocol's errors for what cannot be read.
        """
        validate_history_length(params.configuration)
        text = checked_text(params)
        until = self.clock() + WAIT
        stored = await (self._go_on if params.message.task_id else self._open)(params.message, text, caller)
        if stored.state is TaskState.SUBMITTED:
            # Also for a message sent again: its first sending may have died right here.
            self.loop.start(stored.task.id)
        if not params.configuration.return_immediately:
            stored = await self._settled(stored, until)
        return apply_history_length(stored.task, params.configuration)

    async def _open(self, message: Message, text: str, caller: Caller) -> StoredTask:
        step = next_step(await understand(text, self.reader))
        task_id, context_id = self.new_id(), message.context_id or self.new_id()
        heard = told(Task(id=task_id, context_id=context_id), _placed(message, task_id, context_id))
        task = self.tasks.moved(heard, step.state, step.text, step.reason)
        approval, deadline = _approval(task_id, caller, step.question), self._deadline(step)
        key = key_of(message)
        stored, _ = retried(
            lambda: self.tasks.store.create(caller.owner, task, key, approval=approval, deadline=deadline)
        )
        return stored

    async def _go_on(self, message: Message, text: str, caller: Caller) -> StoredTask:
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._answer(message, text, caller)
            except TaskConflict:
                continue
        return await self._answer(message, text, caller)

    async def _answer(self, message: Message, text: str, caller: Caller) -> StoredTask:
        stored = self.tasks.get(caller.owner, message.task_id)
        if message.context_id and message.context_id != stored.task.context_id:
            raise InvalidParamsError(message="The task belongs to another context.")  # A2A 3.4.3
        placed = _placed(message, stored.task.id, stored.task.context_id)
        if placed in stored.task.history:  # sent again; not by its id alone, which clients reuse
            return stored
        if stored.state.is_terminal:
            raise TaskClosed(stored.task.id)
        heard = told(stored.task, placed)
        if heard.ByteSize() > _MAX_TASK_BYTES:
            raise UnsupportedOperationError(message="The task takes no more messages.")
        if stored.state is not TaskState.INPUT_REQUIRED:
            return self.tasks.store.commit(stored, heard)
        step = next_step(await self._reread(stored.task, text))
        # One write stores the message and leaves the interrupted state: a blocking send must not see the old one.
        following = self.tasks.moved(heard, step.state, step.text, step.reason)
        return self.tasks.store.commit(
            stored,
            following,
            approval=_approval(stored.task.id, caller, step.question),
            deadline=self._deadline(step),
        )

    async def _reread(self, task: Task, text: str) -> Reading:
        """The whole conversation; where that names several people, the last message alone: it corrects the others."""
        earlier = [part.text for said in task.history if said.role == Role.ROLE_USER for part in said.parts]
        reading = await understand("\n".join([*earlier, text]), self.reader)
        return await understand(text, self.reader) if reading.intent is Intent.SEVERAL_PEOPLE else reading

    async def _settled(self, stored: StoredTask, until: datetime) -> StoredTask:
        look = _FIRST_LOOK_SECONDS
        while not (stored.state.is_interrupted or stored.state.is_terminal) and self.clock() < until:
            await self.sleep(look)
            look = min(look * 1.5, _LONGEST_LOOK_SECONDS)
            stored = self.tasks.get(stored.owner, stored.task.id)
        return stored

    def _deadline(self, step: Step) -> datetime | None:
        if step.question is None:
            return None
        return self.clock() + timedelta(seconds=self.expiry_seconds) + _MARGIN


def _approval(task_id: str, caller: Caller, question: Question | None) -> Approval | None:
    if question is None:
        return None
    return Approval(
        task_id=task_id,
        owner=caller.owner,
        caller=caller.short_name,
        client_id=caller.client_id,
        agent_url=caller.agent_url,
        question=question,
    )


def _placed(message: Message, task_id: str, context_id: str) -> Message:
    placed = Message()
    placed.CopyFrom(message)
    placed.task_id, placed.context_id = task_id, context_id
    return placed
