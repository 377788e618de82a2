"""Each claim must have its type and exact value; dates are checked to the second."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from staff0.auth import ACCESS_TOKEN_TYPES, ID_TOKEN_TYPES
from staff0.errors import InvalidToken

from tests.support.fuzzed_events import JUNK, PRIVATE, QUIETLY
from tests.support.token_checks import is_accepted, verify
from tests.support.token_forging import GOOD, HEADER, claims, compact
from tests.support.tokens import AGENT_AUDIENCE, CIBA_CLIENT, HR_AUDIENCE, ISSUER, machine_token, sign

LEEWAY_SECONDS = 10
NOW = 1_800_000_000


@pytest.fixture
def fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets the clock of pyjwt to NOW."""

    class FixedTime(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(NOW, tz)

    monkeypatch.setattr("jwt.api_jwt.datetime", FixedTime)


@pytest.mark.usefixtures("fixed_time")
@pytest.mark.parametrize(
    ("claim", "last_good", "first_bad"),
    [
        ("exp", NOW - LEEWAY_SECONDS + 1, NOW - LEEWAY_SECONDS),  # RFC 7519 4.1.4: expired at that second
        ("nbf", NOW + LEEWAY_SECONDS, NOW + LEEWAY_SECONDS + 1),
        ("iat", NOW + LEEWAY_SECONDS, NOW + LEEWAY_SECONDS + 1),
    ],
)
def test_leeway_is_ten_seconds(claim: str, last_good: int, first_bad: int) -> None:
    good: dict[str, object] = {"iat": NOW, "exp": NOW + 300}
    assert is_accepted(**good | {claim: last_good})
    assert not is_accepted(**good | {claim: first_bad})


@pytest.mark.parametrize(
    "value", [True, "", "4102444800", ["x"], {"x": 1}, 1e300, 10**300, -1, 253_402_300_800], ids=str
)
@pytest.mark.parametrize("claim", ["exp", "iat", "nbf"])
def test_date_must_be_number_before_year_10000(claim: str, value: object) -> None:
    assert not is_accepted(**{claim: value})


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_past_date_must_be_number(claim: str) -> None:
    """pyjwt accepts all of these values."""
    assert is_accepted(**{claim: 1})
    for value in (True, "1", -1):
        assert not is_accepted(**{claim: value})


def test_date_may_have_fractions() -> None:
    assert is_accepted(iat=time.time() - 0.5, exp=time.time() + 60.999)


@pytest.mark.parametrize("claim", ["exp", "iat", "sub", "iss", "aud"])
def test_required_claim_is_missing(claim: str) -> None:
    assert not is_accepted(**{claim: None})


@pytest.mark.parametrize(
    "issuer",
    [
        *(ISSUER.rstrip("/"), ISSUER + "/", ISSUER.upper(), " " + ISSUER, ISSUER.replace("https", "http")),
        *([ISSUER], {ISSUER: 1}, 7, "", True),
    ],
    ids=str,
)
def test_issuer_must_match_exactly(issuer: object) -> None:
    assert not is_accepted(iss=issuer)


@pytest.mark.parametrize("audience", [HR_AUDIENCE, [HR_AUDIENCE], ["https://other.example", HR_AUDIENCE]], ids=str)
def test_audience_may_be_one_of_several(audience: object) -> None:
    assert is_accepted(aud=audience)


@pytest.mark.parametrize(
    "audience",
    [
        *("", [], [""], HR_AUDIENCE + "/", HR_AUDIENCE[:-1], HR_AUDIENCE.upper(), f"{HR_AUDIENCE} {AGENT_AUDIENCE}"),
        *([[HR_AUDIENCE]], [HR_AUDIENCE, 7], [HR_AUDIENCE, None], {HR_AUDIENCE: True}, {"0": HR_AUDIENCE}, 7, True),
    ],
    ids=str,
)
def test_audience_must_match_exactly(audience: object) -> None:
    assert not is_accepted(aud=audience)


@pytest.mark.parametrize("subject", ["", 0, 7, True, ["auth0|john"], {"id": "auth0|john"}], ids=str)
def test_subject_must_be_non_empty_string(subject: object) -> None:
    assert not is_accepted(sub=subject)


@pytest.mark.parametrize("value", [["read:employee"], {"a": 1}, 7, True], ids=str)
@pytest.mark.parametrize("claim", ["scope", "azp", "client_id"])
def test_claim_must_be_string(claim: str, value: object) -> None:
    assert not is_accepted(**{claim: value})


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
def test_scopes_are_separated_by_spaces_only(scope: str, expected: set[str]) -> None:
    """RFC 6749 3.3. Other white space is a part of the scope."""
    assert verify(compact(HEADER, claims(scope=scope))).scopes == expected


@pytest.mark.parametrize("confirmation", [{"jkt": "NzbLsXh8uDCcd7MNwrnNZpX0ak8ACQ"}, {"x5t#S256": "A4DtL2Jm"}, {}])
def test_token_bound_to_a_key_is_no_bearer_token(confirmation: dict[str, str]) -> None:
    """RFC 9449 7.2: accepting it without a proof would take the binding away."""
    assert not is_accepted(cnf=confirmation)


@pytest.mark.parametrize("typ", ["employment-attestation+jwt", "application/employment-attestation+jwt", "JOSE", "JWE"])
def test_signed_statement_is_not_access_token(typ: str) -> None:
    """RFC 8725 3.11, even with a signature of the issuer."""
    with pytest.raises(InvalidToken, match="type"):
        verify(compact({**HEADER, "typ": typ}, claims()))


@pytest.mark.parametrize("typ", [None, 7, True, ["JWT"], {"a": "JWT"}, " JWT", "application/application/jwt"], ids=str)
def test_type_must_match(typ: object) -> None:
    for types in (ACCESS_TOKEN_TYPES, ID_TOKEN_TYPES):
        with pytest.raises(InvalidToken, match="type"):
            verify(compact({**HEADER, "typ": typ}, claims()), types=types)


def test_id_token_and_access_token_are_not_interchangeable() -> None:
    identity = sign({**GOOD, "aud": CIBA_CLIENT})
    assert verify(identity, CIBA_CLIENT, ID_TOKEN_TYPES).subject == "auth0|john"
    with pytest.raises(InvalidToken):
        verify(identity)
    with pytest.raises(InvalidToken):
        verify(sign(GOOD), CIBA_CLIENT, ID_TOKEN_TYPES)


def test_token_of_other_audience_is_refused() -> None:
    with pytest.raises(InvalidToken):
        verify(machine_token("acme-client", AGENT_AUDIENCE))
    with pytest.raises(InvalidToken):
        verify(sign(GOOD), AGENT_AUDIENCE)


NAMES = st.sampled_from([*claims(), "nbf", "scope", "client_id", "gty", "jti", "sub_profile", "act", "cnf"])


@settings(QUIETLY, max_examples=300)
@given(changes=st.dictionaries(NAMES, JUNK, min_size=1))
def test_any_claims_give_claims_or_invalid_token(changes: dict[str, Any]) -> None:
    try:
        claimed = verify(compact(HEADER, claims(**changes)))
    except InvalidToken as error:
        message = str(error)
    else:
        message = ""
        assert (claimed.issuer, claimed.subject != "") == (ISSUER, True)
    assert PRIVATE not in message


def test_pyjwt_performs_every_check(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments: dict[str, Any] = {}
    decode = jwt.decode
    monkeypatch.setattr(jwt, "decode", lambda token, key, **how: arguments.update(how) or decode(token, key, **how))
    verify(sign(GOOD))
    assert arguments["algorithms"] == ["RS256"]
    assert not [name for name, value in arguments["options"].items() if name.startswith("verify_") and not value]
