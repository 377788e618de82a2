"""On which terms a known caller is answered: limits, times and reasons, for the extended card (A2A 3.1.11)."""

from dataclasses import dataclass
from typing import Final

from google.protobuf.struct_pb2 import Struct
from staff0.tasks import Reason

from hr_agent.http.request_body import MAX_REQUEST_BYTES
from hr_agent.methods.message_validation import MAX_TEXT_CHARACTERS
from hr_agent.methods.send_message import WAIT

_MEANINGS: Final = {
    Reason.DENIED: "The employee refused.",
    Reason.NOT_CONFIRMED: "Nobody answered in time, or there is nobody to ask: the two look the same.",
    Reason.UNSUPPORTED_QUESTION: "The question is about another subject, or about several people at once.",
    Reason.CALLER_REFUSED: "The operator has switched this caller off.",
    Reason.TOO_MANY_REQUESTS: "The caller has asked too often, or about this person; `retry_at` says until when.",
    Reason.TENANT_UNAVAILABLE: "The identity provider did not answer. Ask again later.",
    Reason.TENANT_REFUSED: "The identity provider refuses this agent. Its operator has to look into it.",
    Reason.HR_API_UNAVAILABLE: "The employee approved, but the HR system did not answer. Ask again.",
    Reason.HR_API_REFUSED: "The employee approved, but the HR system refuses the approval.",
    Reason.TOKEN_REJECTED: "The employee approved, but the approval is not valid for this request.",
    Reason.TOKEN_LOST: "The employee answered, but the answer was lost on its way. Ask again.",
    Reason.INTERRUPTED: "The request could not be finished in time. Ask again.",
    Reason.INTERNAL_ERROR: "The agent failed. Ask again.",
}


@dataclass(frozen=True)
class ServiceTerms:
    """What the operator decides."""

    employee_seconds: int
    pushes_per_caller: int
    pushes_per_employee: int
    employees_per_hour: int
    employees_per_day: int
    cool_down_seconds: int
    stream_seconds: int

    def params(self) -> Struct:
        """The extension's params; the reasons are those of a task's status message (`metadata.reason`)."""
        params = Struct()
        params.update(
            {
                "limits": {
                    "question_characters": MAX_TEXT_CHARACTERS,
                    "message_bytes": MAX_REQUEST_BYTES,
                    "pushes_per_caller_per_hour": self.pushes_per_caller,
                    "pushes_per_employee_per_hour": self.pushes_per_employee,
                    "employees_per_caller_per_hour": self.employees_per_hour,
                    "employees_per_caller_per_day": self.employees_per_day,
                    "first_cool_down_seconds": self.cool_down_seconds,
                },
                "times": {
                    "employee_answers_within_seconds": self.employee_seconds,
                    "blocking_send_at_most_seconds": WAIT.total_seconds(),
                    "stream_window_seconds": self.stream_seconds,
                },
                "reasons": {reason.value: _MEANINGS[reason] for reason in Reason},
            }
        )
        return params
