"""The service terms of the extended card (A2A 3.1.11): limits, times and the reasons of failed tasks."""

from dataclasses import dataclass

from google.protobuf.struct_pb2 import Struct
from staff0.tasks import Reason

from hr_agent.limits import BLOCKING_WAIT, MAX_REQUEST_BYTES, MAX_TEXT_CHARACTERS


@dataclass(frozen=True)
class ServiceTerms:
    """Limits and times that the operator configures."""

    employee_seconds: int
    pushes_per_caller: int
    pushes_per_employee: int
    pushes_per_employee_and_caller: int
    employees_per_hour: int
    employees_per_day: int
    cool_down_seconds: int
    stream_seconds: int

    def params(self) -> Struct:
        """The params of the terms extension. Its reasons are those of a task's status message (`metadata.reason`)."""
        params = Struct()
        params.update(
            {
                "limits": {
                    "question_characters": MAX_TEXT_CHARACTERS,
                    "message_bytes": MAX_REQUEST_BYTES,
                    "pushes_per_caller_per_hour": self.pushes_per_caller,
                    "pushes_per_employee_per_hour": self.pushes_per_employee,
                    "pushes_per_employee_and_caller_per_hour": self.pushes_per_employee_and_caller,
                    "employees_per_caller_per_hour": self.employees_per_hour,
                    "employees_per_caller_per_day": self.employees_per_day,
                    "first_cool_down_seconds": self.cool_down_seconds,
                },
                "times": {
                    "employee_answers_within_seconds": self.employee_seconds,
                    "blocking_send_at_most_seconds": BLOCKING_WAIT.total_seconds(),
                    "stream_window_seconds": self.stream_seconds,
                },
                "reasons": {reason.value: reason.meaning for reason in Reason},
            }
        )
        return params
