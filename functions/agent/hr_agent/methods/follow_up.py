"""Handles a message to an open task (A2A 3.4): it withdraws, completes or corrects the question, or is only kept."""

import re
from copy import replace
from dataclasses import dataclass
from typing import Final

from a2a.types import Task
from google.protobuf.json_format import MessageToDict
from staff0.question import Question
from staff0.skills import Skills
from staff0.tasks import Approval, PushConfig, StoredTask, TaskState, with_status

from hr_agent.http.caller import Caller
from hr_agent.methods.caller_tasks import CallerTasks
from hr_agent.methods.conversation import parse_conversation
from hr_agent.methods.message_content import MessageContent
from hr_agent.methods.new_approval import ApprovalFactory
from hr_agent.questions import replies
from hr_agent.questions.decision import Decision, decide
from hr_agent.questions.parsed_question import QuestionParser

# Matches the whole message only, so that a question that mentions canceling is not a withdrawal. No model decides it.
_WITHDRAWAL: Final = re.compile(
    r"\W*(?:please\s+)?(?:cancel|stop|abort|withdraw|forget|never\s*mind)"
    r"(?:\s+(?:it|this|that|(?:the|this|my)\s+(?:request|question|task)))?(?:\W+(?:please|thanks|thank\s+you))?\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FollowUpContext:
    """A caller's message to a task: the stored task, the task with the message in its history, its content."""

    stored: StoredTask
    task: Task
    content: MessageContent
    push_config: PushConfig | None


@dataclass(frozen=True)
class FollowUp:
    tasks: CallerTasks
    parser: QuestionParser
    approvals: ApprovalFactory

    async def __call__(self, context: FollowUpContext, caller: Caller) -> StoredTask:
        """The task after the message, in one write. Raises TaskConflict if another writer was first."""
        if context.content.question is None and _WITHDRAWAL.fullmatch(context.content.text):
            return self.tasks.cancel(context.stored, context.task)
        if context.stored.state is TaskState.INPUT_REQUIRED:
            return await self._complete(context, caller)
        return await self._correct(context, caller)

    async def _complete(self, context: FollowUpContext, caller: Caller) -> StoredTask:
        """Writes the message and the new state together: a blocking send must not see the old, interrupted state."""
        parsed = await parse_conversation(context.stored.task, context.content, self.parser)
        decision = reprompt(decide(parsed, self.parser.skills, caller.scopes))
        return self.tasks.store.commit(
            context.stored,
            self.tasks.with_status(context.task, decision.state, decision.text, decision.reason),
            approval=self.approvals.approval(context.stored.task.id, caller, decision.question),
            deadline=self.approvals.deadline(decision.question),
            push_config=context.push_config,
        )

    async def _correct(self, context: FollowUpContext, caller: Caller) -> StoredTask:
        """Another question counts until the employee is asked: only one of that write and this one can succeed."""
        approval = self.tasks.approval(context.stored.task.id)
        decision = await self._decide(context.content, approval, caller)
        if decision.lacks_scope:
            return self._commit(context, decision.text)
        corrected = approval and _with_other_question(approval, decision.question, self.parser.skills)
        if corrected and corrected.asked_at is None:
            return self._commit(context, replies.CORRECTED, corrected)
        if context.stored.state is not TaskState.AUTH_REQUIRED:
            return self._commit(context)
        return self._commit(context, replies.ASKED_ALREADY if corrected else replies.STILL_WAITING)

    async def _decide(self, content: MessageContent, approval: Approval | None, caller: Caller) -> Decision:
        """Decides about a message to a task with a question: what it does not say is as in that question."""
        parsed, skills = await content.parse(self.parser), self.parser.skills
        if approval is None:
            return decide(parsed, skills, caller.scopes)
        if parsed.skills and not content.names_person(parsed):
            parsed = parsed.about(approval.question)
        return decide(parsed, skills, caller.scopes, approval.question.skill)

    def _commit(self, context: FollowUpContext, reply: str = "", approval: Approval | None = None) -> StoredTask:
        task = context.task
        if reply:
            metadata = MessageToDict(task.status.message.metadata)  # keeps the code to compare and the expiry
            task = with_status(task, context.stored.state, reply, self.tasks.clock(), metadata)
        return self.tasks.store.commit(context.stored, task, approval=approval, push_config=context.push_config)


def reprompt(decision: Decision) -> Decision:
    """Asks again where the decision is to reject, so that small talk does not end an open question.

    A question for which the caller lacks a scope ends it: asked again, the answer would be the same.
    """
    if decision.state is not TaskState.REJECTED or decision.lacks_scope:
        return decision
    is_about_several = decision.text == replies.ONE_AT_A_TIME
    return Decision(TaskState.INPUT_REQUIRED, replies.ONE_AT_A_TIME if is_about_several else replies.WHO)


def _with_other_question(approval: Approval, question: Question | None, skills: Skills) -> Approval | None:
    """The approval for the question; None if its answer is among those to the approval's own question."""
    if question is None:
        return None
    named = replace(question, name=question.name or approval.question.name)
    if not _have_same_subject(question, approval.question):
        return replace(approval, question=named, again_at=None)  # another person has other limits
    is_included = skills.get(approval.question.skill).includes(skills.get(question.skill))
    return None if is_included else replace(approval, question=named)


def _have_same_subject(one: Question, other: Question) -> bool:
    return (one.subject or "").casefold() == (other.subject or "").casefold()
