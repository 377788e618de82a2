"""Errors about a record that cannot be parsed do not quote it: they may be logged."""

import msgspec
import pytest
from hr_agent.questions.parsed_question import ParsedQuestion
from staff0.question import Question
from staff0.skills import SKILLS
from staff0.skills.employee_record import employee_model
from staff0.tasks import Approval

EMPLOYEE = employee_model(SKILLS.facts.values())
CANARY = "canary-jdoe@staff0.com"


TEXT_FIELDS = ["asked_at", "interval_seconds", "sealed_token", "switched_off"]  # for which a text may be invalid


@pytest.mark.parametrize(
    ("record", "name", "value"),
    [(record, name, [[CANARY]]) for record in (Approval, Question) for name in record.__struct_fields__]
    + [(Approval, name, CANARY) for name in TEXT_FIELDS],
)
def test_error_does_not_quote_stored_record(record: type[msgspec.Struct], name: str, value: object) -> None:
    fields = {"task_id": "t1", "owner": "o", "caller": "acme", "question": {}, name: value}
    with pytest.raises(msgspec.ValidationError) as error:
        msgspec.convert(fields, record)
    assert CANARY not in str(error.value)


@pytest.mark.parametrize("model", [ParsedQuestion, EMPLOYEE])
def test_error_does_not_quote_record(model: type[msgspec.Struct]) -> None:
    values = {name: [CANARY] for name in model.__struct_fields__}
    with pytest.raises(msgspec.ValidationError) as error:
        msgspec.convert(values, model)
    assert CANARY not in str(error.value)
