"""The decision about a parsed question: the task's next state, the reply and what has to be approved."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from staff0.question import DEFAULT_SKILL, Question
from staff0.skills import Skill, Skills
from staff0.tasks import Reason, TaskState

from hr_agent.questions import replies
from hr_agent.questions.parsed_question import Intent, ParsedQuestion


@dataclass(frozen=True)
class Decision:
    """The next state and reply; `question` is set if an employee has to be asked for approval."""

    state: TaskState
    text: str
    reason: Reason | None = None
    question: Question | None = None

    @property
    def lacks_scope(self) -> bool:
        return self.reason is Reason.INSUFFICIENT_SCOPE


def decide(parsed: ParsedQuestion, skills: Skills, scopes: AbstractSet[str], default: str = DEFAULT_SKILL) -> Decision:
    """`scopes` are those of the caller's token. `default` is the id of the skill of a question that names none."""
    match parsed.intent:
        case Intent.SEVERAL_PEOPLE:
            return Decision(TaskState.REJECTED, replies.ONE_AT_A_TIME, Reason.UNSUPPORTED_QUESTION)
        case Intent.SEVERAL_ADDRESSES:
            return Decision(TaskState.INPUT_REQUIRED, replies.WHICH)
        case Intent.OTHER:
            return Decision(TaskState.REJECTED, replies.only_these(skills), Reason.UNSUPPORTED_QUESTION)
        case Intent.ONE_PERSON:
            asked = [skills.get(skill_id) for skill_id in parsed.skills or (default,)]
            if len(asked) > 1:
                return Decision(TaskState.INPUT_REQUIRED, replies.which_question(asked))
            return _decide(parsed, asked[0], scopes)


def _decide(parsed: ParsedQuestion, skill: Skill, scopes: AbstractSet[str]) -> Decision:
    if skill.scope not in scopes:
        return Decision(TaskState.REJECTED, replies.insufficient_scope(skill), Reason.INSUFFICIENT_SCOPE)
    question = Question(name=parsed.name, email=parsed.email, employee_id=parsed.employee_id, skill=skill.id)
    if question.subject is None:
        return Decision(TaskState.INPUT_REQUIRED, replies.WHO)
    return Decision(TaskState.SUBMITTED, replies.RECEIVED, question=question)
