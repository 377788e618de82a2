"""The employee's record as the HR API sends it."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, create_model

from staff0.skills.facts import Fact


def employee_model(facts: Iterable[Fact]) -> type[BaseModel]:
    """The model of an employee's record: the id, which is the `sub` at the identity provider, and a field per fact.

    A field that is not disclosed, or that HR does not have, is None.
    """
    fields: dict[str, Any] = {fact.field: (fact.type | None, None) for fact in facts}
    return create_model("Employee", __config__=ConfigDict(hide_input_in_errors=True), id=str, **fields)
