"""The employee's record as the HR API sends it."""

from collections.abc import Iterable

import msgspec

from staff0.skills.facts import Fact


def employee_model(facts: Iterable[Fact]) -> type[msgspec.Struct]:
    """The type of an employee's record: the id, which is the `sub` at the identity provider, and a field per fact.

    A field that is not disclosed, or that HR does not have, is None, and is not sent.
    """
    fields = [(fact.field, fact.type | None, None) for fact in facts]
    return msgspec.defstruct("Employee", [("id", str), *fields], frozen=True, omit_defaults=True)
