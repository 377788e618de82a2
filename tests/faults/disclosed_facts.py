"""Compares what the caller and the audit trail learn of the employee with what the employee has agreed to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import jwt
from a2a.types import Artifact
from google.protobuf.json_format import MessageToDict
from staff0.skills import EMPLOYMENT_STATUS, NAME, SKILLS
from staff0.tasks import AuditReader, TaskState

from tests.faults.system_under_test import SystemUnderTest
from tests.support.approval_steps import AUDIT

# Words that stand for a fact in the answer, in the statement and in the audit trail.
_MEANINGS: Final = {
    **{fact_id: fact_id for fact_id in SKILLS.facts},
    **dict.fromkeys(["employee_active", "active", "inactive"], EMPLOYMENT_STATUS.id),
    **dict.fromkeys(["name_matches", "name_differs"], NAME.id),
}
# The question itself has the name, and the texts of the agent have the word "active".
_IN_ANY_TEXT: Final = {EMPLOYMENT_STATUS.id, NAME.id}


def assert_agreed_facts_only(system: SystemUnderTest) -> None:
    """Answer, statement, webhooks and audit trail contain no fact, and no value of one, beyond those agreed."""
    task = system.workflow.task(system.task_id)
    updates = [update for update in system.receivers.updates if update.HasField("artifact_update")]
    texts = [str(task.task), str(system.receivers.updates)]
    for artifact in [*task.task.artifacts, *(update.artifact_update.artifact for update in updates)]:
        for place, content in _contents(artifact):
            _assert_agreed(system, place, [*content["facts"], *content])
            texts.append(str(content))
    private = system.private_values(except_for={*system.agreed_facts, *_IN_ANY_TEXT})
    assert not [value for text in texts for value in private if value in text], "a value that was not agreed to"
    _assert_agreed_in_audit(system)


def _contents(artifact: Artifact) -> Iterator[tuple[str, Mapping[str, Any]]]:
    _sentence, data, *statements = artifact.parts
    yield "the answer", MessageToDict(data.data)
    for part in statements:
        yield "the statement", jwt.decode(part.raw, options={"verify_signature": False})


def _assert_agreed_in_audit(system: SystemUnderTest) -> None:
    records = list(AuditReader(system.aws.dynamodb, AUDIT.table).list_for_task(system.task_id))
    for record in records:
        assert bool(record.result) == (record.state is TaskState.COMPLETED), "the audit trail has another result"
        if record.result:
            _assert_agreed(system, "the audit trail", record.facts.split())
            _assert_agreed(system, "the result in the audit trail", record.result.split())
    values = system.private_values(except_for=_IN_ANY_TEXT)
    assert not [value for value in values if value in str(records)], "a value in the audit trail"


def _assert_agreed(system: SystemUnderTest, place: str, words: list[str]) -> None:
    facts = {_MEANINGS[word] for word in words if word in _MEANINGS}
    assert facts == system.agreed_facts, f"{place} has {sorted(facts)}, agreed was {sorted(system.agreed_facts)}"
