"""No request is sent to an agent if its card is not signed by a key published at the agent's URL."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import httpx
import pytest

from client.program import run
from tests.support.client_options import options
from tests.support.fake_agent import FakeAgent, Json, answered, card
from tests.support.statements import jwks, key, signed


def changed(whole: Json) -> Json:
    return signed(whole) | {"description": "Another agent altogether."}


def twice(whole: Json) -> Json:
    """Two signatures, as during a key rotation: one of them by a key that is no longer published."""
    both = signed(signed(whole, "gone"))
    assert len(both["signatures"]) == 2
    return both


def run_client(agent: FakeAgent, folder: Path) -> tuple[int, set[str], str]:
    """Exit code, URLs that were called, and text on stderr."""
    code = run(options(), agent.context(folder))
    return code, {str(request.url) for request in agent.requests}, agent.err.getvalue()


def test_signed_card_is_accepted(tmp_path: Path) -> None:
    assert run_client(FakeAgent([answered("Yes.")]), tmp_path)[0] == 0


def test_card_of_1_0_is_requested(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")])
    run_client(agent, tmp_path)
    assert agent.requests[0].url.path == "/.well-known/agent-card.json"
    assert agent.requests[0].headers["A2A-Version"] == "1.0"


def test_one_valid_signature_of_two_is_enough(tmp_path: Path) -> None:
    assert run_client(FakeAgent([answered("Yes.")], sign=twice), tmp_path)[0] == 0


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (FakeAgent([answered("Yes.")], sign=lambda whole: whole), "is not signed"),
        (FakeAgent([answered("Yes.")], sign=changed), "not signed by a key of"),
        (FakeAgent([answered("Yes.")], sign=partial(signed, kid="forger")), "not signed by a key of"),
        (FakeAgent([answered("Yes.")], jwks=jwks("another")), "not signed by a key of"),
        (FakeAgent([answered("Yes.")], jwks=httpx.Response(404)), "cannot be fetched (404)"),
        (FakeAgent([answered("Yes.")], jwks=httpx.Response(503)), "cannot be fetched (503)"),
        (FakeAgent([answered("Yes.")], jwks=httpx.Response(302, headers={"Location": "https://evil.example"})), "302"),
        (FakeAgent([answered("Yes.")], jwks=httpx.Response(200, text="<p>")), "is not a set of keys"),
        (FakeAgent([answered("Yes.")], jwks={"keys": 5}), "is not a set of keys"),
        (FakeAgent([answered("Yes.")], jwks={"keys": []}), "is not a set of keys"),
    ],
)
def test_card_without_valid_signature_is_rejected(tmp_path: Path, agent: FakeAgent, expected: str) -> None:
    code, called, output = run_client(agent, tmp_path)
    assert code == 2
    assert expected in output
    assert output.count("\n") == 1
    assert not {address for address in called if "/.well-known/" not in address}


def test_foreign_jku_is_rejected_and_not_fetched(tmp_path: Path) -> None:
    elsewhere = partial(signed, jku="https://evil.example/.well-known/jwks.json")
    code, called, output = run_client(FakeAgent([answered("Yes.")], sign=elsewhere), tmp_path)
    assert code == 2
    assert "points to keys at another address (https://evil.example/" in output
    assert all("evil.example" not in address for address in called)


def test_signature_without_jku_uses_agent_keys(tmp_path: Path) -> None:
    assert run_client(FakeAgent([answered("Yes.")], sign=partial(signed, jku=None)), tmp_path)[0] == 0


def test_key_for_another_use_is_rejected(tmp_path: Path) -> None:
    for use in ({"use": "enc"}, {"alg": "ES256K"}, {"kid": None}):
        keys = {"keys": [jwks()["keys"][0] | use]}
        assert run_client(FakeAgent([answered("Yes.")], jwks=keys), tmp_path)[0] == 2


def test_alg_none_is_rejected(tmp_path: Path) -> None:
    none = {"protected": "eyJhbGciOiJub25lIiwia2lkIjoiY3VycmVudCJ9", "signature": ""}
    assert (
        run_client(FakeAgent([answered("Yes.")], sign=lambda whole: whole | {"signatures": [none]}), tmp_path)[0] == 2
    )


def test_card_content_is_checked_after_signature(tmp_path: Path) -> None:
    assert key("current")
    assert "Another agent" in run_client(FakeAgent([answered("Yes.")], card=card(name="Another agent")), tmp_path)[2]
