"""A claim is of its own type and says what it has to, to the letter and to the second."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from staff0.auth import ACCESS_TOKEN_TYPES, ID_TOKEN_TYPES, Claims, TokenVerifier
from staff0.errors import InvalidToken

from tests.support.fuzzed_events import JUNK, PRIVATE, QUIETLY
from tests.support.token_forging import GOOD, HEADER, claims, compact
from tests.support.tokens import AGENT_AUDIENCE, CIBA_CLIENT, HR_AUDIENCE, ISSUER, FakeKeys, machine_token, sign

LEEWAY_SECONDS = 10
NOW = 1_800_000_000


def verify(token: str, audience: str = HR_AUDIENCE, types: frozenset[str] = ACCESS_TOKEN_TYPES) -> Claims:
    return TokenVerifier(ISSUER, audience, FakeKeys(), types).verify(token)


def is_believed(**changes: object) -> bool:
    """A token with these claims changed; None leaves one out."""
    token = compact(HEADER, {name: value for name, value in claims(**changes).items() if value is not None})
    try:
        verify(token)
    except InvalidToken:
        return False
    return True


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is NOW, for pyjwt."""

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(NOW, tz)

    monkeypatch.setattr("jwt.api_jwt.datetime", Stopped)


@pytest.mark.usefixtures("stopped")
@pytest.mark.parametrize(
    ("claim", "last_good", "first_bad"),
    [
        ("exp", NOW - LEEWAY_SECONDS + 1, NOW - LEEWAY_SECONDS),  # RFC 7519 4.1.4: on it is too late
        ("nbf", NOW + LEEWAY_SECONDS, NOW + LEEWAY_SECONDS + 1),
        ("iat", NOW + LEEWAY_SECONDS, NOW + LEEWAY_SECONDS + 1),
    ],
)
def test_a_clock_may_be_wrong_by_ten_seconds_and_no_more(claim: str, last_good: int, first_bad: int) -> None:
    good: dict[str, object] = {"iat": NOW, "exp": NOW + 300}
    assert is_believed(**good | {claim: last_good})
    assert not is_believed(**good | {claim: first_bad})


@pytest.mark.parametrize(
    "value", [True, "", "4102444800", ["x"], {"x": 1}, 1e300, 10**300, -1, 253_402_300_800], ids=str
)
@pytest.mark.parametrize("claim", ["exp", "iat", "nbf"])
def test_a_date_is_a_number_that_some_calendar_has(claim: str, value: object) -> None:
    assert not is_believed(**{claim: value})


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_a_date_in_the_past_is_a_number_too(claim: str) -> None:
    """To pyjwt each of these is one."""
    assert is_believed(**{claim: 1})
    for value in (True, "1", -1):
        assert not is_believed(**{claim: value})


def test_a_date_may_have_fractions() -> None:
    assert is_believed(iat=time.time() - 0.5, exp=time.time() + 60.999)


@pytest.mark.parametrize("claim", ["exp", "iat", "sub", "iss", "aud"])
def test_nothing_that_a_token_must_say_may_be_left_out(claim: str) -> None:
    assert not is_believed(**{claim: None})


@pytest.mark.parametrize(
    "issuer",
    [
        *(ISSUER.rstrip("/"), ISSUER + "/", ISSUER.upper(), " " + ISSUER, ISSUER.replace("https", "http")),
        *([ISSUER], {ISSUER: 1}, 7, "", True),
    ],
    ids=str,
)
def test_an_issuer_is_one_text_to_the_letter(issuer: object) -> None:
    assert not is_believed(iss=issuer)


@pytest.mark.parametrize("audience", [HR_AUDIENCE, [HR_AUDIENCE], ["https://other.example", HR_AUDIENCE]], ids=str)
def test_an_audience_is_ours_alone_or_one_of_several(audience: object) -> None:
    assert is_believed(aud=audience)


@pytest.mark.parametrize(
    "audience",
    [
        *("", [], [""], HR_AUDIENCE + "/", HR_AUDIENCE[:-1], HR_AUDIENCE.upper(), f"{HR_AUDIENCE} {AGENT_AUDIENCE}"),
        *([[HR_AUDIENCE]], [HR_AUDIENCE, 7], [HR_AUDIENCE, None], {HR_AUDIENCE: True}, {"0": HR_AUDIENCE}, 7, True),
    ],
    ids=str,
)
def test_an_audience_that_is_not_exactly_ours_is_somebody_elses(audience: object) -> None:
    assert not is_believed(aud=audience)


@pytest.mark.parametrize("subject", ["", 0, 7, True, ["auth0|john"], {"id": "auth0|john"}], ids=str)
def test_a_subject_is_a_text_that_says_something(subject: object) -> None:
    assert not is_believed(sub=subject)


@pytest.mark.parametrize("value", [["read:employee"], {"a": 1}, 7, True], ids=str)
@pytest.mark.parametrize("claim", ["scope", "azp", "client_id"])
def test_a_claim_we_decide_by_is_never_made_into_text(claim: str, value: object) -> None:
    assert not is_believed(**{claim: value})


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("", set()),
        (" ", set()),
        ("  openid   read:employee ", {"openid", "read:employee"}),
        ("openid\u00a0read:employee", {"openid\u00a0read:employee"}),
        ("openid\tread:employee", {"openid\tread:employee"}),
        ("openid\nread:employee", {"openid\nread:employee"}),
        ("openid,read:employee", {"openid,read:employee"}),
        ("READ:EMPLOYEE", {"READ:EMPLOYEE"}),
    ],
)
def test_scopes_are_parted_by_spaces_alone(scope: str, expected: set[str]) -> None:
    """RFC 6749 3.3. Any other white space would make a scope out of a piece of another."""
    assert verify(compact(HEADER, claims(scope=scope))).scopes == expected


def test_a_token_of_two_clients_is_nobodys() -> None:
    """Else it is a machine by one of its names and a person by the other."""
    assert is_believed(client_id=CIBA_CLIENT)
    assert not is_believed(sub="acme", client_id="acme")
    assert verify(compact(HEADER, claims(sub="acme", azp="acme", client_id="acme"))).is_machine


@pytest.mark.parametrize("typ", ["employment-attestation+jwt", "application/employment-attestation+jwt", "JOSE", "JWE"])
def test_what_we_attest_ourselves_opens_no_door(typ: str) -> None:
    """RFC 8725 3.11: not even if the issuer's key had signed it."""
    with pytest.raises(InvalidToken, match="type"):
        verify(compact({**HEADER, "typ": typ}, claims()))


@pytest.mark.parametrize("typ", [None, 7, True, ["JWT"], {"a": "JWT"}, " JWT", "application/application/jwt"], ids=str)
def test_a_type_is_a_text_that_is_expected_here(typ: object) -> None:
    for types in (ACCESS_TOKEN_TYPES, ID_TOKEN_TYPES):
        with pytest.raises(InvalidToken, match="type"):
            verify(compact({**HEADER, "typ": typ}, claims()), types=types)


def test_an_id_token_is_no_access_token_and_the_other_way_round() -> None:
    identity = sign({**GOOD, "aud": CIBA_CLIENT})
    assert verify(identity, CIBA_CLIENT, ID_TOKEN_TYPES).subject == "auth0|john"
    with pytest.raises(InvalidToken):
        verify(identity)
    with pytest.raises(InvalidToken):
        verify(sign(GOOD), CIBA_CLIENT, ID_TOKEN_TYPES)


def test_a_token_for_one_door_does_not_open_the_other() -> None:
    with pytest.raises(InvalidToken):
        verify(machine_token("acme-client", AGENT_AUDIENCE))
    with pytest.raises(InvalidToken):
        verify(sign(GOOD), AGENT_AUDIENCE)


NAMES = st.sampled_from([*claims(), "nbf", "scope", "client_id", "gty", "jti"])


@settings(QUIETLY, max_examples=300)
@given(changes=st.dictionaries(NAMES, JUNK, min_size=1))
def test_no_claim_whatever_breaks_the_verifier_or_is_repeated(changes: dict[str, Any]) -> None:
    try:
        claimed = verify(compact(HEADER, claims(**changes)))
    except InvalidToken as error:
        said = str(error)
    else:
        said = ""
        assert (claimed.issuer, claimed.subject != "") == (ISSUER, True)
    assert PRIVATE not in said


def test_pyjwt_is_asked_for_every_check(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    decode = jwt.decode
    monkeypatch.setattr(jwt, "decode", lambda token, key, **how: asked.update(how) or decode(token, key, **how))
    verify(sign(GOOD))
    assert asked["algorithms"] == ["RS256"]
    assert not [name for name, value in asked["options"].items() if name.startswith("verify_") and not value]
