"""Finds the task that a message without a task id is about: many clients carry the context alone, or nothing."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from staff0.errors import TaskNotFound
from staff0.person_keys import PersonKeys
from staff0.question import Question
from staff0.tasks import ListQuery, StoredTask, TaskState

from hr_agent.methods.caller_tasks import CallerTasks

_NEWEST: Final = 10


@dataclass(frozen=True)
class RelatedTasks:
    """The tasks of one caller. `context_id` is the message's; empty if it has none."""

    tasks: CallerTasks
    person_keys: PersonKeys
    owner: str
    context_id: str

    def with_question(self, question: Question) -> StoredTask | None:
        """The open task with the same question, in this context or for a message without one.

        Its answer is the one that is asked for, and the employee's phone has rung already.
        """
        live = self.tasks.store.live_task_about(self.owner, self.person_keys.asked(question))
        if live is None or self.context_id not in {"", live.task.context_id}:
            return None
        approval = self.tasks.approval(live.task.id)
        if approval is None or not _is_same(approval.question, question):
            return None
        with suppress(TaskNotFound):
            stored = self.tasks.get(self.owner, live.task.id)  # which closes an overdue task
            return None if stored.state.is_terminal else stored
        return None

    def of_context(self) -> StoredTask | None:
        """The newest open task of the context, else the newest."""
        if not self.context_id:
            return None
        found = self.tasks.store.page(self.owner, ListQuery(context_id=self.context_id, page_size=_NEWEST)).tasks
        still_open = (task for task in found if not TaskState(task.status.state).is_terminal)
        newest = next(still_open, next(iter(found), None))
        with suppress(TaskNotFound):
            return self.tasks.get(self.owner, newest.id) if newest else None
        return None


def _is_same(one: Question, other: Question) -> bool:
    is_same_person = _folded(one.subject) == _folded(other.subject) and _folded(one.name) == _folded(other.name)
    return is_same_person and one.skill == other.skill


def _folded(text: str | None) -> list[str]:
    return (text or "").casefold().split()
