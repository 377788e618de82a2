"""One question and its task at the agent, from the first message to the end."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from a2a.types import Message, Part, Role, Task

from client.agent import Agent
from client.errors import AgentRefused
from client.sighting import Sighting, read_task
from client.waiting import Patience, gaps_seconds

CANCEL_PATIENCE_SECONDS = 15.0


@dataclass
class Inquiry:
    """`on_sighting` is told each change. A follow-up goes to the same task (A2A 3.4.3)."""

    agent: Agent
    patience: Patience
    new_id: Callable[[], str]
    on_sighting: Callable[[Sighting], None]
    task_id: str = ""
    context_id: str = ""
    _sending: asyncio.Future[Task] | None = None
    _last: Sighting | None = None

    async def ask(self, text: str) -> Sighting:
        """Sends `text` and waits until the task ends, needs the caller, or the time is up: then it is canceled."""
        message = self._message(text)
        # Sent again, it carries the same message id: the agent answers with the same task (A2A 3.3.1).
        self._sending = asyncio.ensure_future(self.patience.insist(lambda: self.agent.send(message)))
        # Interrupted while sending, we still have to learn which task to cancel.
        seen = self._see(await asyncio.shield(self._sending))
        return await self._wait(seen)

    async def cancel(self) -> Sighting | None:
        """Cancels the task at the agent, whatever state it is in; None if there is no task to cancel."""
        if self._sending is None:
            return None
        async with asyncio.timeout(CANCEL_PATIENCE_SECONDS):
            task = await self._sending
            return self._see(await self._canceled(task.id))

    async def _wait(self, seen: Sighting) -> Sighting:
        for gap in gaps_seconds():
            if seen.is_terminal or seen.needs_the_caller:
                return seen
            if not await self.patience.pause(gap):
                return await self._give_up()
            seen = self._see(await self.patience.insist(lambda: self.agent.get(self.task_id)))
        raise AssertionError("gaps have no end")

    async def _give_up(self) -> Sighting:
        seen = self._see(await self._canceled(self.task_id))
        return seen if seen.answer else replace(seen, reason="timeout")

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

    def _see(self, task: Task) -> Sighting:
        self.task_id, self.context_id = task.id, task.context_id
        seen = read_task(task)
        if seen != self._last:
            self.on_sighting(seen)
        self._last = seen
        return seen
