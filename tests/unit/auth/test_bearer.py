"""Reading the Authorization header, and the challenge in the response (RFC 6750)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from staff0.auth import Claims, bearer_token, challenge, require_scope
from staff0.errors import InsufficientScope, InvalidToken, MissingToken

CLAIMS = Claims("https://idp.example/", "auth0|john", "client", frozenset({"openid", "read:employee"}), False, 0)


@pytest.mark.parametrize("header", ["Bearer a.b.c", "bearer a.b.c", "BEARER   a.b.c", " Bearer a.b.c "])
def test_scheme_is_case_insensitive(header: str) -> None:
    assert bearer_token([header]) == "a.b.c"


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [""],
        ["  "],
        ["Basic YTpi"],
        ["Bearerabc"],
        ["Bearer\ta.b.c"],
        ["\xa0Bearer a.b.c"],
        ["Basic YTpi", "Bearer a"],
    ],
)
def test_request_without_bearer_token(headers: list[str]) -> None:
    with pytest.raises(MissingToken):
        bearer_token(headers)


@pytest.mark.parametrize(
    "header",
    [
        *("Bearer", "Bearer ", "Bearer a b", "Bearer a,Bearer b", "Bearer ä", "Bearer =a", "Bearer bearer a"),
        *("Bearer \ta", "Bearer a\xa0", "Bearer a\n", "Bearer a\x00", 'Bearer "a"'),
    ],
)
def test_malformed_header_is_invalid_token(header: str) -> None:
    with pytest.raises(InvalidToken):
        bearer_token([header])


@pytest.mark.parametrize("second", ["Bearer a.b.c", "Bearer d.e.f", "", "Basic YTpi"])
def test_second_header_is_refused(second: str) -> None:
    """A proxy might check one of them while we check the other."""
    with pytest.raises(InvalidToken):
        bearer_token(["Bearer a.b.c", second])


def test_challenge_without_token_has_no_error() -> None:
    assert challenge(MissingToken("a bearer token is required"), None) == 'Bearer realm="staff0"'


def test_challenge_for_invalid_token() -> None:
    expected = 'Bearer realm="staff0", error="invalid_token", error_description="it has expired"'
    assert challenge(InvalidToken("it has expired"), None) == expected


def test_challenge_names_missing_scope() -> None:
    require_scope(CLAIMS, "read:employee")
    with pytest.raises(InsufficientScope) as error:
        require_scope(CLAIMS, "read:emp")
    assert 'error="insufficient_scope"' in challenge(error.value, None)
    assert challenge(error.value, None).endswith('scope="read:emp"')


@given(st.text())
def test_challenge_quotes_any_text(text: str) -> None:
    attribute = r'[a-z_]+="[\x20-\x21\x23-\x5b\x5d-\x7e]*"'
    assert re.fullmatch(rf"Bearer {attribute}(, {attribute})*", challenge(InvalidToken(text), None))


def test_challenge_names_metadata_of_resource() -> None:
    """RFC 9728 5.1."""
    url = "https://hr.example/.well-known/oauth-protected-resource/rpc"
    assert challenge(MissingToken("a token is required"), url).endswith(f', resource_metadata="{url}"')
