"""Machines and persons are told apart by documented claims, in both of Auth0's profiles (docs/adr/0028)."""

from __future__ import annotations

import pytest

from tests.support.token_checks import is_accepted, verify
from tests.support.token_forging import GOOD, HEADER, claims, compact
from tests.support.tokens import CIBA_CLIENT, sign


def test_token_of_two_clients_is_refused() -> None:
    """It would be a machine by one client id and a person by the other."""
    assert is_accepted(client_id=CIBA_CLIENT)
    assert not is_accepted(sub="acme", client_id="acme")
    assert verify(compact(HEADER, claims(sub="acme", azp="acme", client_id="acme"))).is_machine


AGENT = {"sub_profile": "ai_agent", "client_profile": "service ai_agent"}
PERSONS: dict[str, dict[str, object]] = {
    "Auth0's profile": {"azp": CIBA_CLIENT},
    "RFC 9068": {"azp": None, "client_id": CIBA_CLIENT, "jti": "73WakrfVbNJBaAmhQtEeDv"},
    "enterprise connection": {"sub": "waad|bY0c", "azp": CIBA_CLIENT},
    "refresh token": {"azp": CIBA_CLIENT, "gty": "refresh_token"},
    "client of an agent": {
        "azp": None,
        "client_id": CIBA_CLIENT,
        "sub_profile": "user",
        "client_profile": "ai_agent",
        "act": {"sub": "agt_1a2b3c", "sub_profile": "ai_agent", "client_id": CIBA_CLIENT},
    },
}
MACHINES: dict[str, dict[str, object]] = {
    "Auth0's profile": {"sub": "acme@clients", "azp": "acme", "gty": "client-credentials"},
    "Auth0's profile without gty": {"sub": "acme@clients", "azp": "acme"},
    "RFC 9068": {"sub": "acme@clients", "azp": None, "client_id": "acme", "jti": "x"},
    "subject is the client": {"sub": "acme", "azp": None, "client_id": "acme"},
    "agent": {"sub": "agt_1a2b3c", "azp": None, "client_id": "acme", **AGENT},
    "agent without profiles": {"sub": "agt_1a2b3c", "azp": None, "client_id": "acme"},
    "agent with an id of its own": {"sub": "auth0|payroll", "azp": None, "client_id": "acme", **AGENT},
    "service": {"sub": "acme-service", "azp": None, "client_id": "acme", "sub_profile": "service"},
}


@pytest.mark.parametrize("changes", PERSONS.values(), ids=PERSONS)
def test_token_of_a_person(changes: dict[str, object]) -> None:
    claimed = verify(sign({**GOOD, **changes}))
    assert (claimed.is_machine, claimed.client_id) == (False, CIBA_CLIENT)


@pytest.mark.parametrize("changes", MACHINES.values(), ids=MACHINES)
def test_token_of_a_machine(changes: dict[str, object]) -> None:
    claimed = verify(sign({**GOOD, **changes}))
    assert (claimed.is_machine, claimed.client_id) == (True, "acme")


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": "agt_1a2b3c", "sub_profile": "user"},
        {"gty": "client-credentials", "sub_profile": "user"},
        {"sub_profile": "user ai_agent"},
    ],
    ids=str,
)
def test_token_of_a_machine_and_a_person_is_refused(changes: dict[str, object]) -> None:
    assert not is_accepted(**changes)


def test_actors_are_read_to_the_first() -> None:
    browser = {"sub": "spa", "client_id": "spa", "sub_profile": "browser_app"}
    act = {"sub": "agt_1a2b3c", "client_id": "agent-client", "act": browser}
    assert verify(sign({**GOOD, "act": act})).actors == {"agent-client", "spa"}
    assert verify(sign({**GOOD, "act": {"sub": "agt_1a2b3c"}})).actors == {"agt_1a2b3c"}
    assert not is_accepted(act="agt_1a2b3c")
