"""What a reading of the question leads to."""

from dataclasses import dataclass

from staff0.question import Question
from staff0.tasks import Reason, TaskState

from hr_agent.questions import Intent, ParsedQuestion, replies


@dataclass(frozen=True)
class Decision:
    """What a reading leads to."""

    state: TaskState
    text: str
    reason: Reason | None = None
    question: Question | None = None


def decide(reading: ParsedQuestion) -> Decision:
    match reading.intent:
        case Intent.SEVERAL_PEOPLE:
            return Decision(TaskState.REJECTED, replies.ONE_AT_A_TIME, Reason.UNSUPPORTED_QUESTION)
        case Intent.OTHER:
            return Decision(TaskState.REJECTED, replies.ONLY_EMPLOYMENT, Reason.UNSUPPORTED_QUESTION)
        case Intent.EMPLOYMENT_STATUS:
            question = Question(name=reading.name, email=reading.email, employee_id=reading.employee_id)
            if question.subject is None:
                return Decision(TaskState.INPUT_REQUIRED, replies.WHO)
            return Decision(TaskState.SUBMITTED, replies.RECEIVED, question=question)
