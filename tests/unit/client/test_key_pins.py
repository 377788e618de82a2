"""A pinned key: an agent with any other key gets no token, and its statements do not count."""

from __future__ import annotations

from pathlib import Path

import pytest
from jwt import PyJWK

from client.arguments import parse
from client.errors import UsageError
from client.key_pins import parse_pins, thumbprint
from client.program import run
from tests.support.client_options import options
from tests.support.fake_agent import FakeAgent, answered
from tests.support.statements import jwks, statement


def pin(kid: str) -> str:
    return thumbprint(PyJWK(jwks(kid)["keys"][0]))


def test_thumbprint_is_that_of_rfc_7638() -> None:
    """A key with the thumbprint that another implementation (jose for Node) computed."""
    key = {
        "kty": "EC",
        "crv": "P-256",
        "alg": "ES256",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        "kid": "any",
    }
    assert thumbprint(PyJWK(key)) == "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"


def test_agent_with_the_pinned_key_is_asked(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.", attestation=statement())])
    assert run(options(agent_keys=(pin("other"), pin("current"))), agent.context(tmp_path)) == 0


def test_agent_with_another_key_gets_no_token(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.")])
    assert run(options(agent_keys=(pin("other"),)), agent.context(tmp_path)) == 2
    assert "--agent-key" in agent.err.getvalue()
    assert {request.url.path for request in agent.requests} == {
        "/.well-known/agent-card.json",
        "/.well-known/jwks.json",
    }


def test_card_of_another_published_key_gets_no_token(tmp_path: Path) -> None:
    """The pinned key is public, so a stranger can publish it too, but cannot sign with it."""
    agent = FakeAgent([answered("Yes.")], jwks=jwks("current", "other"))
    assert run(options(agent_keys=(pin("other"),)), agent.context(tmp_path)) == 2
    assert "not signed by a pinned key" in agent.err.getvalue()
    assert all(request.url.host == "agent.example" and request.url.path != "/rpc" for request in agent.requests)


def test_pinned_key_under_the_kid_of_another_is_not_trusted(tmp_path: Path) -> None:
    keys = jwks("current", "other")
    keys["keys"][0]["kid"] = pin("other")
    agent = FakeAgent([answered("Yes.")], jwks={"keys": keys["keys"][:1]})
    assert run(options(agent_keys=(pin("other"),)), agent.context(tmp_path)) == 2


def test_statement_of_another_published_key_is_an_error(tmp_path: Path) -> None:
    agent = FakeAgent([answered("Yes.", attestation=statement("other"))], jwks=jwks("current", "other"))
    assert run(options(agent_keys=(pin("current"),)), agent.context(tmp_path)) == 2
    assert "its key is not pinned" in agent.err.getvalue()


@pytest.mark.parametrize("text", ["", "x", "a" * 42, "a" * 44, "a" * 42 + "=", "a" * 42 + "\n"])
def test_text_that_is_not_a_thumbprint_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError):
        parse_pins([text])


def test_thumbprint_may_begin_with_a_minus() -> None:
    pin = "-" + "a" * 42
    assert parse(["--agent-key", pin, "Does jdoe@staff0.com work at Staff0?"]).agent_keys == (pin,)
