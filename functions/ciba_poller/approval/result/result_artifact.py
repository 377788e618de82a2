"""The artifact of a completed task: the sentence for people, the data for programs, and the signed statement."""

from a2a.types import Artifact, Part, Task
from staff0.statement_format import EXTENSION, FILE_NAME, MEDIA_TYPE

from approval import task_messages
from approval.result.verification_result import VerificationResult


def with_result(task: Task, result: VerificationResult, statement: str | None) -> Task:
    """A copy of the task with its one artifact.

    The sentence is the only text part: clients join the texts of all parts and show them to a person or a model. The
    statement is a file part, which none of them prints.
    """
    artifact = Artifact(
        artifact_id=f"{task.id}-result",
        name="current_result",
        description="Result of request to agent.",
        parts=[Part(text=result.sentence), _data(result)],
    )
    if statement:
        artifact.parts.append(Part(raw=statement.encode(), media_type=MEDIA_TYPE, filename=FILE_NAME))
        artifact.extensions.append(EXTENSION)
    changed = Task()
    changed.CopyFrom(task)
    changed.artifacts.append(artifact)
    return changed


def _data(result: VerificationResult) -> Part:
    part = Part()
    part.data.struct_value.update(
        {
            "confirmed": result.confirmed,
            "employee_active": result.employee_active,
            "name_matches": result.name_matches,
            "checked_at": task_messages.rfc3339(result.checked_at),
            "facts": list(result.disclosed),
            **result.details,
        }
    )
    return part
