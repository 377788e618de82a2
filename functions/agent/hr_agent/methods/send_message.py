"""SendMessage (A2A 3.1.1): opens a task, or continues one that is not terminal."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from a2a.types import Message, SendMessageRequest, Task
from a2a.utils.errors import InvalidParamsError, UnsupportedOperationError
from a2a.utils.task import apply_history_length, validate_history_length
from staff0.clock import Clock
from staff0.errors import TaskClosed, TaskNotFound
from staff0.person_keys import PersonKeys
from staff0.tasks import (
    ListQuery,
    PushConfig,
    StoredTask,
    TaskState,
    retry_on_conflict_async,
    with_user_message,
)

from hr_agent.http.caller import Caller
from hr_agent.limits import BLOCKING_WAIT, MAX_TASK_BYTES
from hr_agent.methods.approval_workflow import ApprovalWorkflow
from hr_agent.methods.backoff import Sleep, backoff_delays
from hr_agent.methods.caller_tasks import CallerTasks, log_task_id
from hr_agent.methods.conversation import parse_conversation
from hr_agent.methods.follow_up import FollowUp, FollowUpContext
from hr_agent.methods.message_content import MessageContent
from hr_agent.methods.message_validation import message_key, validated_content
from hr_agent.methods.new_approval import ApprovalFactory
from hr_agent.methods.push_notification_configs import PushNotificationConfigs
from hr_agent.methods.related_tasks import RelatedTasks
from hr_agent.questions.decision import Decision, decide
from hr_agent.questions.parsed_question import ParsedQuestion, QuestionParser


@dataclass(frozen=True)
class SendMessage:
    """`new_id` makes ids that cannot be guessed; `expiry_seconds` is the time an employee has to answer."""

    tasks: CallerTasks
    push_configs: PushNotificationConfigs
    workflow: ApprovalWorkflow
    parser: QuestionParser
    person_keys: PersonKeys
    clock: Clock
    sleep: Sleep
    new_id: Callable[[], str]
    expiry_seconds: int

    async def __call__(self, params: SendMessageRequest, caller: Caller) -> Task:
        """The task: at once, or when it is interrupted or terminal, after BLOCKING_WAIT at the latest (A2A 3.2.2).

        A message to a task that waits for the employee does not change that: the call waits for what comes next.
        Raises the errors of `begin`.
        """
        until = self.clock() + BLOCKING_WAIT
        stored = await self.begin(params, caller)
        if not params.configuration.return_immediately:
            stored = await self._wait_until_settled(stored, until, is_follow_up=_is_follow_up(params.message, stored))
        return apply_history_length(stored.task, params.configuration)

    async def begin(self, params: SendMessageRequest, caller: Caller) -> StoredTask:
        """Stores the message in its task and starts or stops the approval workflow.

        Raises TaskNotFound, TaskClosed, TaskConflict, TooManyWebhooks, and A2AError for invalid params.
        """
        validate_history_length(params.configuration)
        content = validated_content(params, self.parser.skills)
        if params.message.task_id:
            stored = await self._continue_task(params, content, caller, params.message.task_id)
        else:
            stored = await self._open_task(params, content, caller)
        if stored.state is TaskState.SUBMITTED:
            # Also for a resent message: the call that stored it may have died before this line.
            self.workflow.start(stored.task.id)
        elif stored.state is TaskState.CANCELED:
            self.workflow.stop(stored.task.id)
        return stored

    @property
    def _approvals(self) -> ApprovalFactory:
        return ApprovalFactory(self.clock, self.expiry_seconds)

    async def _open_task(self, params: SendMessageRequest, content: MessageContent, caller: Caller) -> StoredTask:
        """Opens a task, unless one of the caller's tasks is the answer to this message already."""
        if params.message.context_id and (answered := self._answered(params.message, caller)):
            return answered
        parsed = await content.parse(self.parser)
        decision = await self._decide(params.message, content, self._decision(parsed, caller), caller)
        related = RelatedTasks(self.tasks, self.person_keys, caller.owner, params.message.context_id)
        if decision.question:
            pending = related.with_question(decision.question)
            return await (self._join(params, pending, caller) if pending else self._create(params, decision, caller))
        known = None if content.names_person(parsed) else related.of_context()
        if known is None:
            return await self._create(params, decision, caller)
        if new := self._new_question(parsed, known):
            return await self._create(params, self._decision(new, caller), caller)
        return await self._ask(params, content, caller, known)

    def _new_question(self, parsed: ParsedQuestion, known: StoredTask) -> ParsedQuestion | None:
        """The question about the person of a task that has ended, as in "And since when?".

        None if it asks nothing that the task does not answer.
        """
        earlier = self.tasks.approval(known.task.id) if known.state.is_terminal and parsed.skills else None
        if earlier is None:
            return None
        answered, skills = self.parser.skills.get(earlier.question.skill), map(self.parser.skills.get, parsed.skills)
        return None if all(map(answered.includes, skills)) else parsed.about(earlier.question)

    def _answered(self, message: Message, caller: Caller) -> StoredTask | None:
        """The task of a message that is sent again: its context may have a newer task by now."""
        task_id = self.tasks.store.id_of_answer(caller.owner, message_key(message))
        with suppress(TaskNotFound):  # past its retention
            return self.tasks.get(caller.owner, task_id) if task_id else None
        return None

    async def _create(self, params: SendMessageRequest, decision: Decision, caller: Caller) -> StoredTask:
        message = params.message
        task_id, context_id = self.new_id(), message.context_id or self.new_id()
        task = with_user_message(Task(id=task_id, context_id=context_id), _with_ids(message, task_id, context_id))
        task = self.tasks.with_status(task, decision.state, decision.text, decision.reason)
        approval = self._approvals.approval(task_id, caller, decision.question)
        deadline = self._approvals.deadline(decision.question)
        key = message_key(message)
        # A refusal is the answer to its message: a notification of it would only be a way to have us post to strangers.
        is_refused = decision.state is TaskState.REJECTED
        push_config = None if is_refused else self._push_config(params, task_id, caller, caller.traceparent)

        async def create() -> StoredTask:
            stored, _ = self.tasks.store.create(
                caller.owner,
                task,
                key,
                approval=approval,
                deadline=deadline,
                push_config=push_config,
                traceparent=caller.traceparent,
            )
            return stored

        stored = await retry_on_conflict_async(create)
        log_task_id(stored.task.id)
        return stored

    async def _join(self, params: SendMessageRequest, pending: StoredTask, caller: Caller) -> StoredTask:
        """The pending task with the same question. The message is stored as answered by it, and its webhook added."""
        stored = self.tasks.store.link(caller.owner, message_key(params.message), pending.task.id)
        if params.configuration.HasField("task_push_notification_config"):
            webhook = params.configuration.task_push_notification_config
            webhook.task_id = stored.task.id
            await self.push_configs.create(webhook, caller)
        return stored

    async def _ask(
        self, params: SendMessageRequest, content: MessageContent, caller: Caller, known: StoredTask
    ) -> StoredTask:
        """The task of the context: with its result if it has ended, else with the message as a follow-up."""
        if not known.state.is_terminal:
            with suppress(TaskClosed):
                await self._continue_task(params, content, caller, known.task.id)
        return self.tasks.store.link(caller.owner, message_key(params.message), known.task.id)

    async def _decide(self, message: Message, content: MessageContent, decision: Decision, caller: Caller) -> Decision:
        """Decides an incomplete question together with an open question of its context (A2A 3.4.2)."""
        is_complete = decision.question is not None and decision.question.name is not None
        if is_complete or not message.context_id:
            return decision
        open_questions = ListQuery(context_id=message.context_id, state=TaskState.INPUT_REQUIRED, page_size=1)
        for task in self.tasks.store.page(caller.owner, open_questions).tasks:
            together = self._decision(await parse_conversation(task, content, self.parser), caller)
            return together if together.question or together.lacks_scope else decision
        return decision

    def _decision(self, parsed: ParsedQuestion, caller: Caller) -> Decision:
        return decide(parsed, self.parser.skills, caller.scopes)

    async def _continue_task(
        self, params: SendMessageRequest, content: MessageContent, caller: Caller, task_id: str
    ) -> StoredTask:
        return await retry_on_conflict_async(lambda: self._follow_up(params, content, caller, task_id))

    async def _follow_up(
        self, params: SendMessageRequest, content: MessageContent, caller: Caller, task_id: str
    ) -> StoredTask:
        message = params.message
        stored = self.tasks.get(caller.owner, task_id)
        if message.context_id and message.context_id != stored.task.context_id:
            raise InvalidParamsError(message="The task belongs to another context.")  # A2A 3.4.3
        message = _with_ids(message, stored.task.id, stored.task.context_id)
        if message in stored.task.history:  # resent; the id alone does not show that, since clients reuse ids
            return stored
        if stored.state.is_terminal:
            raise TaskClosed(stored.task.id, stored.state.name)
        task = with_user_message(stored.task, message)
        if task.ByteSize() > MAX_TASK_BYTES:
            raise UnsupportedOperationError(message="The task takes no more messages.")
        push_config = self._push_config(params, stored.task.id, caller, stored.traceparent, since=stored.version)
        follow_up = FollowUp(self.tasks, self.parser, self._approvals)
        return await follow_up(FollowUpContext(stored, task, content, push_config), caller)

    def _push_config(
        self, params: SendMessageRequest, task_id: str, caller: Caller, traceparent: str, since: int = 0
    ) -> PushConfig | None:
        if not params.configuration.HasField("task_push_notification_config"):
            return None
        webhook = params.configuration.task_push_notification_config
        return self.push_configs.parse(webhook, task_id, caller, traceparent, since)

    async def _wait_until_settled(self, stored: StoredTask, until: datetime, *, is_follow_up: bool) -> StoredTask:
        """Reads the task until it is terminal or interrupted, or the time is up.

        After a follow-up, AUTH_REQUIRED counts only once another state has come before it.
        """
        delays, was_asked_before = backoff_delays(), is_follow_up
        while self.clock() < until:
            was_asked_before = was_asked_before and stored.state is TaskState.AUTH_REQUIRED
            if stored.state.is_terminal or (stored.state.is_interrupted and not was_asked_before):
                break
            await self.sleep(next(delays))
            stored = self.tasks.get(stored.owner, stored.task.id)
        return stored


def _is_follow_up(message: Message, stored: StoredTask) -> bool:
    """Whether the caller knew the task: it named the task, or its context after another message had opened it."""
    opened_by = [first.message_id for first in stored.task.history[:1]]
    return bool(message.task_id) or (bool(message.context_id) and opened_by != [message.message_id])


def _with_ids(message: Message, task_id: str, context_id: str) -> Message:
    """A copy of the message with the ids of its task and context."""
    copied = Message()
    copied.CopyFrom(message)
    copied.task_id, copied.context_id = task_id, context_id
    return copied
