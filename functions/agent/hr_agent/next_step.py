"""What a reading of the question leads to."""

from dataclasses import dataclass

from staff0.question import Question
from staff0.tasks import Reason, TaskState

from hr_agent import texts
from hr_agent.reading import Intent, Reading


@dataclass(frozen=True)
class Step:
    """What a reading leads to."""

    state: TaskState
    text: str
    reason: Reason | None = None
    question: Question | None = None


def next_step(reading: Reading) -> Step:
    match reading.intent:
        case Intent.SEVERAL_PEOPLE:
            return Step(TaskState.REJECTED, texts.ONE_AT_A_TIME, Reason.UNSUPPORTED_QUESTION)
        case Intent.OTHER:
            return Step(TaskState.REJECTED, texts.ONLY_EMPLOYMENT, Reason.UNSUPPORTED_QUESTION)
        case Intent.EMPLOYMENT_STATUS:
            question = Question(name=reading.name, email=reading.email, employee_id=reading.employee_id)
            if question.subject is None:
                return Step(TaskState.INPUT_REQUIRED, texts.WHO)
            return Step(TaskState.SUBMITTED, texts.RECEIVED, question=question)
