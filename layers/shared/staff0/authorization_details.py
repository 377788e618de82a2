"""Authorization details (RFC 9396) of one approval: who learns which facts, why, and for which request.

They go to the identity provider with the push, the phone shows them, and the token carries them to the HR API. The
object has the schema that Auth0 Guardian shows (Auth0 docs, configure-rich-authorization-requests, "Auth0 Guardian
app"). docs/adr/0036-consent-to-named-facts.md has the reasons.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from staff0.errors import InvalidAuthorizationDetails
from staff0.skills import Fact

TYPE: Final = "urn:auth0:schemas:authorization-details:v1:employment-disclosure"
# What the phone shows beside the facts, in this order, and what only programs read.
_SHOWN: Final = {"requested_by": "Who asks", "code": "Code", "purpose": "Why"}
_HIDDEN: Final = ("request_id", "client_id")
_FACT_LABEL: Final = "They learn"

type AuthorizationDetails = list[dict[str, Any]]


@dataclass(frozen=True)
class Disclosure:
    """What an employee is asked to agree to, or has agreed to.

    `requested_by` is the caller's registered name and `client_id` its id. `facts` are ids of staff0.skills.
    `request_id` is the task's id.
    """

    requested_by: str
    code: str
    purpose: str
    facts: tuple[str, ...]
    request_id: str
    client_id: str

    def is_part_of(self, requested: "Disclosure") -> bool:
        """Whether this is what was requested, or the same with fewer facts."""
        return replace(self, facts=requested.facts) == requested and set(self.facts) <= set(requested.facts)


class DisclosureFormat:
    """Writes and reads the authorization details of a disclosure. `facts` are all facts by id (Skills.facts)."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = facts

    def write(self, disclosure: Disclosure) -> AuthorizationDetails:
        shown = {
            name: {"display": True, "name": label, "display_order": order, "value": getattr(disclosure, name)}
            for order, (name, label) in enumerate(_SHOWN.items(), 1)
        }
        learnt = {
            fact.id: {"display": True, "name": _FACT_LABEL, "display_order": order, "value": fact.words}
            for order, fact in enumerate(self._facts.values(), len(_SHOWN) + 1)
            if fact.id in disclosure.facts
        }
        hidden = {name: {"display": False, "value": getattr(disclosure, name)} for name in _HIDDEN}
        instruction = f"{disclosure.requested_by} asks Staff0 about you."
        return [{"type": TYPE, "instruction": instruction, "properties": shown | learnt | hidden}]

    def read(self, details: object) -> Disclosure:
        """The disclosure that was written.

        Raises InvalidAuthorizationDetails for anything that `write` does not write, so that the phone has shown each
        fact in its own words: also for two objects, a further property or one that was hidden from the employee.
        The order of members does not matter (RFC 8259 4).
        """
        try:
            disclosure = self._disclosure(_properties(details))
        except (KeyError, TypeError):
            raise InvalidAuthorizationDetails("the authorization details are not those of a disclosure") from None
        if not disclosure.facts or not _is_same(self.write(disclosure), details):
            raise InvalidAuthorizationDetails("the authorization details differ from those of a disclosure")
        return disclosure

    def _disclosure(self, properties: Mapping[str, Any]) -> Disclosure:
        """Raises KeyError, TypeError."""
        values = {name: _text(properties[name]["value"]) for name in (*_SHOWN, *_HIDDEN)}
        return Disclosure(**values, facts=tuple(fact_id for fact_id in self._facts if fact_id in properties))


def _properties(details: object) -> Mapping[str, Any]:
    match details:
        case [{"properties": dict(properties)}]:
            return properties
    raise TypeError("not one object with properties")


def _is_same(written: AuthorizationDetails, given: object) -> bool:
    """Whether both are the same JSON. In Python alone 1 equals true, and a phone may hide what is `display: 1`."""
    return written == given and json.dumps(written, sort_keys=True) == json.dumps(given, sort_keys=True)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
