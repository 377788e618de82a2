"""Errors about a record that cannot be parsed do not quote it: they may be logged."""

import msgspec
import pytest
from hr_agent.questions.parsed_question import ParsedQuestion
from pydantic import BaseModel, ValidationError
from staff0.question import Question
from staff0.skills import SKILLS
from staff0.skills.employee_record import employee_model
from staff0.tasks import Approval

EMPLOYEE = employee_model(SKILLS.facts.values())
CANARY = "canary-jdoe@staff0.com"


@pytest.mark.parametrize("model", [Approval, Question])
def test_error_does_not_quote_record(model: type[BaseModel]) -> None:
    values = {name: [CANARY] for name in model.model_fields}
    with pytest.raises(ValidationError) as error:
        model.model_validate(values)
    assert CANARY not in str(error.value)


@pytest.mark.parametrize("model", [ParsedQuestion, EMPLOYEE])
def test_error_of_msgspec_does_not_quote_record(model: type[msgspec.Struct]) -> None:
    values = {name: [CANARY] for name in model.__struct_fields__}
    with pytest.raises(msgspec.ValidationError) as error:
        msgspec.convert(values, model)
    assert CANARY not in str(error.value)
