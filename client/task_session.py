"""One question and its task at the agent, from the first message to the final state."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from a2a.types import Message, Part, Role, Task

from client.agent_client import Agent
from client.errors import AgentRefused
from client.retry_policy import RetryPolicy, polling_delays
from client.runtime_context import Time
from client.task_view import State, TaskView, read_sequence, read_task


@dataclass
class TaskSession:
    """A second `ask` goes to the same task (A2A 3.4.3).

    `on_change` gets each new view, `on_retry` the message of each error before its retry.
    """

    agent: Agent
    time: Time
    timeout_seconds: float
    new_id: Callable[[], str]
    on_change: Callable[[TaskView], None]
    on_retry: Callable[[str], None]
    task_id: str = ""
    context_id: str = ""
    has_sent: bool = False
    _last: TaskView | None = None
    _sequence: int = 0

    async def ask(self, text: str) -> TaskView:
        """Sends `text` and waits until the task ends or needs input. Cancels the task after `timeout_seconds`."""
        retries = RetryPolicy(self.time, self.time.stopwatch() + self.timeout_seconds, self.on_retry)
        message = self._message(text)
        self.has_sent = True
        # A retry has the same message id, so the agent answers with the same task (A2A 3.3.1).
        return await self._wait(self._update(await retries.run(lambda: self.agent.send(message))), retries)

    async def _wait(self, view: TaskView, retries: RetryPolicy) -> TaskView:
        delays = polling_delays(agent_waits=self.agent.longest_wait_seconds > 0)
        while not (view.is_terminal or view.needs_input):
            if not await retries.pause(next(delays)):
                return await self._give_up()
            view = self._update(await retries.run(lambda: self._next(retries)))
        return view

    async def _next(self, retries: RetryPolicy) -> Task:
        """The task, after its next change if the agent can wait for that."""
        if not self.agent.longest_wait_seconds:
            return await self.agent.get(self.task_id)
        wait_seconds = min(self.agent.longest_wait_seconds, int(retries.seconds_left()))
        return await self.agent.get_newer(self.task_id, self._sequence, wait_seconds)

    async def _give_up(self) -> TaskView:
        """Cancels the task, so that the employee is not asked for an answer that no user waits for."""
        view = self._update(await self._canceled(self.task_id))
        if view.state is not State.CANCELED:
            return view
        text = f"No answer within {self.timeout_seconds:g} s; the request was canceled."
        return replace(view, reason="timeout", text=text)

    async def _canceled(self, task_id: str) -> Task:
        try:
            return await self.agent.cancel(task_id)
        except AgentRefused:
            # The task ended before the cancel request: its own final state counts.
            return await self.agent.get(task_id)

    def _message(self, text: str) -> Message:
        return Message(
            message_id=self.new_id(),
            role=Role.ROLE_USER,
            parts=[Part(text=text)],
            task_id=self.task_id,
            context_id=self.context_id,
        )

    def _update(self, task: Task) -> TaskView:
        self.task_id, self.context_id = task.id, task.context_id
        self._sequence = read_sequence(task)
        view = read_task(task)
        if view != self._last:
            self.on_change(view)
        self._last = view
        return view
