"""What a message to an open task does (A2A 3.4): withdraw it, complete or correct its question, or just be heard."""

import re
from dataclasses import dataclass
from typing import Final

from a2a.types import Role, Task
from google.protobuf.json_format import MessageToDict
from staff0.question import Question
from staff0.tasks import Approval, PushConfig, StoredTask, TaskState, with_status

from hr_agent.http.caller import Caller
from hr_agent.methods.caller_tasks import CallerTasks
from hr_agent.methods.new_approval import ApprovalFactory
from hr_agent.questions import Intent, ParsedQuestion, QuestionParser, parse_and_validate, replies
from hr_agent.questions.decision import Decision, decide

# The whole message, so that a story about canceling is none; and no model is asked whether somebody withdraws.
_WITHDRAWAL: Final = re.compile(
    r"\W*(?:please\s+)?(?:cancel|stop|abort|withdraw|forget|never\s*mind)"
    r"(?:\s+(?:it|this|that|(?:the|this|my)\s+(?:request|question|task)))?(?:\W+(?:please|thanks|thank\s+you))?\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FollowUpContext:
    """A caller's message in its place: the task as it lay there, the task with the message, and what it says."""

    stored: StoredTask
    task: Task
    text: str
    push_config: PushConfig | None


@dataclass(frozen=True)
class FollowUp:
    tasks: CallerTasks
    reader: QuestionParser
    opening: ApprovalFactory

    async def __call__(self, heard: FollowUpContext, caller: Caller) -> StoredTask:
        """The task after the message, in one write. Raises TaskConflict when somebody wrote first."""
        if _WITHDRAWAL.fullmatch(heard.text):
            return self.tasks.cancel(heard.stored, heard.task)
        if heard.stored.state is TaskState.INPUT_REQUIRED:
            return await self._complete(heard, caller)
        return await self._correct(heard)

    async def _complete(self, heard: FollowUpContext, caller: Caller) -> StoredTask:
        """The message and the interrupted state's end in one write: a blocking send must not see the old state."""
        step = reprompt(decide(await self._reread(heard)))
        return self.tasks.store.commit(
            heard.stored,
            self.tasks.with_status(heard.task, step.state, step.text),
            approval=self.opening.approval(heard.stored.task.id, caller, step),
            deadline=self.opening.deadline(step),
            push_config=heard.push_config,
        )

    async def _correct(self, heard: FollowUpContext) -> StoredTask:
        """Another address counts until somebody is asked: the claim and this write cannot both succeed."""
        approval = self.tasks.store.approval(heard.stored.task.id)
        step = decide(await parse_and_validate(heard.text, self.reader))
        corrected = approval and _corrected(approval, step.question)
        if corrected and corrected.asked_at is None:
            return self._commit(heard, replies.CORRECTED, corrected)
        if heard.stored.state is not TaskState.AUTH_REQUIRED:
            return self._commit(heard)
        return self._commit(heard, replies.ASKED_ALREADY if corrected else replies.STILL_WAITING)

    def _commit(self, heard: FollowUpContext, reply: str = "", approval: Approval | None = None) -> StoredTask:
        task = heard.task
        if reply:
            told = MessageToDict(task.status.message.metadata)  # the code to compare, and until when
            task = with_status(task, heard.stored.state, reply, self.tasks.clock(), told)
        return self.tasks.store.commit(heard.stored, task, approval=approval, push_config=heard.push_config)

    async def _reread(self, heard: FollowUpContext) -> ParsedQuestion:
        """The whole conversation; where that names several people, the last message alone: it corrects the others."""
        reading = await parse_and_validate("\n".join([*user_texts(heard.stored.task), heard.text]), self.reader)
        return await parse_and_validate(heard.text, self.reader) if reading.intent is Intent.SEVERAL_PEOPLE else reading


def reprompt(step: Decision) -> Decision:
    """An open question is not lost by small talk: whatever else is said, the agent asks again."""
    if step.state is not TaskState.REJECTED:
        return step
    return Decision(
        TaskState.INPUT_REQUIRED, replies.ONE_AT_A_TIME if step.text == replies.ONE_AT_A_TIME else replies.WHO
    )


def user_texts(task: Task) -> list[str]:
    """What the caller has said so far."""
    return [part.text for said in task.history if said.role == Role.ROLE_USER for part in said.parts]


def _corrected(approval: Approval, question: Question | None) -> Approval | None:
    """The approval about the other subject; None if it is the same, or none was named."""
    if question is None or question.subject is None or _same(question, approval.question):
        return None
    named = question.model_copy(update={"name": question.name or approval.question.name})
    return approval.model_copy(update={"question": named, "again_at": None})  # so that it is counted anew


def _same(one: Question, other: Question) -> bool:
    return (one.subject or "").casefold() == (other.subject or "").casefold()
