"""Nothing is sent to an agent whose card is not signed by a key of its own address."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import httpx
import pytest

from client.program import run
from tests.support.fake_agent import FakeAgent, Json, answered, card
from tests.support.statements import jwks, key, signed
from tests.unit.client.test_program import options


def changed(whole: Json) -> Json:
    return signed(whole) | {"description": "Another agent altogether."}


def twice(whole: Json) -> Json:
    """As while a key is being replaced: one signature is of a key that is gone already."""
    both = signed(signed(whole, "gone"))
    assert len(both["signatures"]) == 2
    return both


def asked(agent: FakeAgent, folder: Path) -> tuple[int, set[str], str]:
    """The exit code, the addresses that were called, and what was said about it."""
    code = run(options(), agent.surroundings(folder))
    return code, {str(request.url) for request in agent.requests}, agent.err.getvalue()


def test_a_card_signed_by_the_agents_own_key_is_trusted(tmp_path: Path) -> None:
    assert asked(FakeAgent([answered("Yes.")]), tmp_path)[0] == 0


def test_one_good_signature_is_enough(tmp_path: Path) -> None:
    assert asked(FakeAgent([answered("Yes.")], sign=twice), tmp_path)[0] == 0


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (FakeAgent([answered("Yes.")], sign=lambda whole: whole), "is not signed"),
        (FakeAgent([answered("Yes.")], sign=changed), "not signed by a key of"),
        (FakeAgent([answered("Yes.")], sign=partial(signed, kid="forger")), "not signed by a key of"),
        (FakeAgent([answered("Yes.")], jwks=jwks("another")), "not signed by a key of"),
        (FakeAgent([answered("Yes.")], jwks=httpx.Response(404)), "cannot be had (404)"),
        (FakeAgent([answered("Yes.")], jwks=httpx.Response(503)), "cannot be had (503)"),
        (FakeAgent([answered("Yes.")], jwks=httpx.Response(302, headers={"Location": "https://evil.example"})), "302"),
        (FakeAgent([answered("Yes.")], jwks=httpx.Response(200, text="<p>")), "are no keys"),
        (FakeAgent([answered("Yes.")], jwks={"keys": 5}), "are no keys"),
        (FakeAgent([answered("Yes.")], jwks={"keys": []}), "are no keys"),
    ],
)
def test_any_other_card_ends_the_run_before_anything_is_sent(tmp_path: Path, agent: FakeAgent, told: str) -> None:
    code, called, said = asked(agent, tmp_path)
    assert code == 2
    assert told in said
    assert said.count("\n") == 1
    assert not {address for address in called if "/.well-known/" not in address}


def test_keys_elsewhere_are_refused_and_never_fetched(tmp_path: Path) -> None:
    elsewhere = partial(signed, jku="https://evil.example/.well-known/jwks.json")
    code, called, said = asked(FakeAgent([answered("Yes.")], sign=elsewhere), tmp_path)
    assert code == 2
    assert "points to keys elsewhere (https://evil.example/" in said
    assert all("evil.example" not in address for address in called)


def test_a_signature_that_names_no_place_is_looked_up_at_the_agents_own(tmp_path: Path) -> None:
    assert asked(FakeAgent([answered("Yes.")], sign=partial(signed, jku=None)), tmp_path)[0] == 0


def test_a_key_for_something_else_signs_no_card(tmp_path: Path) -> None:
    for use in ({"use": "enc"}, {"alg": "ES256K"}, {"kid": None}):
        keys = {"keys": [jwks()["keys"][0] | use]}
        assert asked(FakeAgent([answered("Yes.")], jwks=keys), tmp_path)[0] == 2


def test_an_unsigned_algorithm_is_no_signature(tmp_path: Path) -> None:
    none = {"protected": "eyJhbGciOiJub25lIiwia2lkIjoiY3VycmVudCJ9", "signature": ""}
    assert asked(FakeAgent([answered("Yes.")], sign=lambda whole: whole | {"signatures": [none]}), tmp_path)[0] == 2


def test_the_cards_own_faults_are_told_once_it_is_known_to_be_the_agents(tmp_path: Path) -> None:
    assert key("current")
    assert "Another agent" in asked(FakeAgent([answered("Yes.")], card=card(name="Another agent")), tmp_path)[2]
