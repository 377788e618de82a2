"""One question and its task at the agent, from the first message to the end."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from a2a.types import Message, Part, Role, Task

from client.agent_client import Agent
from client.errors import AgentRefused, AgentUnavailable
from client.retry_policy import RetryPolicy, gaps_seconds
from client.runtime_context import Time
from client.task_view import State, TaskView, read_task

CANCEL_PATIENCE_SECONDS = 15.0


@dataclass
class TaskSession:
    """`on_sighting` is told each change, `notice` each hiccup. A second `ask` goes to the same task (A2A 3.4.3)."""

    agent: Agent
    time: Time
    timeout_seconds: float
    new_id: Callable[[], str]
    on_sighting: Callable[[TaskView], None]
    notice: Callable[[str], None]
    task_id: str = ""
    context_id: str = ""
    _sending: asyncio.Future[Task] | None = None
    _last: TaskView | None = None

    async def ask(self, text: str) -> TaskView:
        """Sends `text` and waits until the task ends, needs the caller, or the time is up: then it is canceled."""
        patience = RetryPolicy(self.time, self.time.stopwatch() + self.timeout_seconds, self.notice)
        message = self._message(text)
        # Sent again, it carries the same message id: the agent answers with the same task (A2A 3.3.1).
        self._sending = asyncio.ensure_future(patience.insist(lambda: self.agent.send(message)))
        # Shielded: interrupted while sending, we still have to learn which task to cancel.
        return await self._wait(self._see(await asyncio.shield(self._sending)), patience)

    async def cancel(self) -> TaskView | None:
        """Cancels the task and returns how it ended; None if nothing was asked yet. Any ClientError."""
        if self._sending is None:
            return None
        try:
            async with asyncio.timeout(CANCEL_PATIENCE_SECONDS):
                task = await self._sending
                return self._see(await self._canceled(task.id))
        except TimeoutError as error:
            raise AgentUnavailable(f"The agent at {self.agent.url} does not answer.") from error

    async def _wait(self, seen: TaskView, patience: RetryPolicy) -> TaskView:
        gaps = gaps_seconds()
        while not (seen.is_terminal or seen.needs_the_caller):
            if not await patience.pause(next(gaps)):
                return await self._give_up()
            seen = self._see(await patience.insist(lambda: self.agent.get(self.task_id)))
        return seen

    async def _give_up(self) -> TaskView:
        """Nobody would read the answer any more, so nobody shall be asked for it."""
        seen = self._see(await self._canceled(self.task_id))
        if seen.state is not State.CANCELED:
            return seen
        text = f"No answer within {self.timeout_seconds:g} s; the request was canceled."
        return replace(seen, reason="timeout", text=text)

    async def _canceled(self, task_id: str) -> Task:
        try:
            return await self.agent.cancel(task_id)
        except AgentRefused:
            # It ended in this very moment: that ending counts.
            return await self.agent.get(task_id)

    def _message(self, text: str) -> Message:
        return Message(
            message_id=self.new_id(),
            role=Role.ROLE_USER,
            parts=[Part(text=text)],
            task_id=self.task_id,
            context_id=self.context_id,
        )

    def _see(self, task: Task) -> TaskView:
        self.task_id, self.context_id = task.id, task.context_id
        seen = read_task(task)
        if seen != self._last:
            self.on_sighting(seen)
        self._last = seen
        return seen
