"""The decision about a parsed question: the task's next state, the reply and what has to be approved."""

from dataclasses import dataclass

from staff0.question import Question
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


def decide(parsed: ParsedQuestion) -> Decision:
    match parsed.intent:
        case Intent.SEVERAL_PEOPLE:
            return Decision(TaskState.REJECTED, replies.ONE_AT_A_TIME, Reason.UNSUPPORTED_QUESTION)
        case Intent.SEVERAL_ADDRESSES:
            return Decision(TaskState.INPUT_REQUIRED, replies.WHICH)
        case Intent.OTHER:
            return Decision(TaskState.REJECTED, replies.ONLY_EMPLOYMENT, Reason.UNSUPPORTED_QUESTION)
        case Intent.EMPLOYMENT_STATUS:
            question = Question(name=parsed.name, email=parsed.email, employee_id=parsed.employee_id)
            if question.subject is None:
                return Decision(TaskState.INPUT_REQUIRED, replies.WHO)
            return Decision(TaskState.SUBMITTED, replies.RECEIVED, question=question)
