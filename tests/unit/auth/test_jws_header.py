"""A token that two parsers may read differently, or that is too long, is refused before its claims are read."""

from __future__ import annotations

import json
from collections.abc import Callable

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jwt.utils import base64url_decode, base64url_encode
from staff0.auth import TokenVerifier
from staff0.auth.jws_header import MAX_LENGTH, parse_unverified_header
from staff0.errors import InvalidToken

from tests.support.token_forging import HEADER, claims, compact
from tests.support.tokens import HR_AUDIENCE, ISSUER, FakeKeys, employee_token


def verify(token: str) -> str:
    return TokenVerifier(ISSUER, HR_AUDIENCE, FakeKeys()).verify(token).subject


def with_duplicate(document: dict[str, object], name: str, value: object) -> bytes:
    """The document with a second member of this name before the right one, which json.loads would keep."""
    return json.dumps({"~": value, **document}).replace('"~"', json.dumps(name), 1).encode()


def test_forged_token_with_right_key_is_valid() -> None:
    """Otherwise the errors below would prove nothing."""
    assert verify(compact(HEADER, claims())) == "auth0|john"


def test_long_token_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    room = MAX_LENGTH - len(compact(HEADER, claims(pad="")))
    assert verify(compact(HEADER, claims(pad="x" * (room * 3 // 4 - 4)))) == "auth0|john"
    long = compact(HEADER, claims(pad="x" * room))
    monkeypatch.setattr(json, "loads", lambda *_args, **_options: pytest.fail("it was read"))
    with pytest.raises(InvalidToken, match="too long"):
        verify(long)


@pytest.mark.parametrize(
    "token",
    [
        lambda: compact(with_duplicate(dict(HEADER), "alg", "none"), claims()),
        lambda: compact(with_duplicate(dict(HEADER), "kid", "unknown"), claims()),
        lambda: compact(HEADER, with_duplicate(claims(), "sub", "auth0|jane")),
        lambda: compact(HEADER, with_duplicate(claims(), "aud", "https://staff0/agent")),
        lambda: compact(HEADER, with_duplicate(claims(), "exp", 1)),
        lambda: compact(HEADER, json.dumps({"a": "~", **claims()}).replace('"~"', '{"b": 1, "b": 2}').encode()),
    ],
    ids=["alg", "kid", "sub", "aud", "exp", "nested"],
)
def test_duplicate_name_is_refused(token: Callable[[], str]) -> None:
    """RFC 7519 4: the issuer, a proxy and this system could each read another value."""
    with pytest.raises(InvalidToken, match="not valid JSON"):
        verify(token())


@pytest.mark.parametrize(
    "more",
    [
        {"crit": ["exp"]},
        {"crit": ["b64"], "b64": True},
        {"crit": ["b64"], "b64": False},
        {"crit": []},
        {"crit": None},
        {"crit": "exp"},
        {"b64": True},
        {"b64": False},
        {"b64": 0},
    ],
    ids=str,
)
def test_unsupported_extension_is_refused(more: dict[str, object]) -> None:
    """RFC 7515 4.1.11. RFC 7797 7: a JWT must not use b64."""
    with pytest.raises(InvalidToken, match="extension"):
        verify(compact({**HEADER, **more}, claims()))


def test_detached_payload_is_refused() -> None:
    """RFC 7797 with RFC 7515 F."""
    head, _, tail = compact({**HEADER, "b64": False, "crit": ["b64"]}, claims()).split(".")
    with pytest.raises(InvalidToken):
        verify(f"{head}..{tail}")


@pytest.mark.parametrize(
    "part",
    [
        *(b"", b"null", b"[]", b'"text"', b"7", b"{", b"{}{}", b"\xff\xfe{}", b"\xef\xbb\xbf{}", b"[" * 5_000),
        *(b'{"exp": NaN}', b'{"exp": Infinity}', b'{"exp": ' + b"9" * 4_400 + b"}"),
        '{"alg": "RS256"}'.encode("utf-16-le"),
    ],
    ids=lambda part: repr(part[:20]),
)
def test_part_must_be_json_object(part: bytes) -> None:
    for token in (compact(part, claims()), compact(HEADER, part)):
        with pytest.raises(InvalidToken):
            parse_unverified_header(token)
        with pytest.raises(InvalidToken):
            verify(token)


def test_deeply_nested_token_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit depends on the build of Python, so the error is simulated."""

    def exhausted(*_args: object, **_options: object) -> None:
        raise RecursionError

    token = compact(HEADER, b"[" * 5_000)
    monkeypatch.setattr(json, "loads", exhausted)
    with pytest.raises(InvalidToken):
        parse_unverified_header(token)


@pytest.mark.parametrize(
    "modified",
    [
        lambda token: token + "=",
        lambda token: token + "==",
        lambda token: token + ".",
        lambda token: token + ".e30",
        lambda token: token + "\n",
        lambda token: " " + token,
        lambda token: token.replace(".", ". ", 1),
        lambda token: token.replace(".", "=.", 1),
        lambda token: token.replace(".", ".\u200b", 1),
        lambda token: token.replace(".", "..", 1),
        lambda token: "." + token,
        lambda token: token[:20] + "\n" + token[20:],
        lambda token: token[:20] + "\ud800" + token[20:],
        lambda token: token + "AAAA",
        lambda token: f"{token}.{token}",
        lambda token: json.dumps({"payload": token.split(".")[1], "signatures": []}),
    ],
)
def test_modified_token_is_refused(modified: Callable[[str], str]) -> None:
    with pytest.raises(InvalidToken):
        verify(modified(employee_token("auth0|john")))


def test_non_canonical_base64url_signature_is_refused() -> None:
    """RFC 4648 3.5: the unused bits of the last character must be zero."""
    token = employee_token("auth0|john")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    respelled = token[:-1] + letters[letters.index(token[-1]) + 1]
    assert base64url_decode(respelled.split(".")[2]) == base64url_decode(token.split(".")[2])
    with pytest.raises(InvalidToken):
        verify(respelled)


def test_encrypted_token_is_refused() -> None:
    """RFC 7516 3.1: five parts."""
    header = base64url_encode(json.dumps({"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": "current"}).encode()).decode()
    for parts in ([header, "AA", "AA", "AA", "AA"], [header, "", "AA", "AA", "AA"]):
        with pytest.raises(InvalidToken, match="not a compact JWS"):
            parse_unverified_header(".".join(parts))


def test_nested_token_is_refused() -> None:
    """RFC 7519 5.2."""
    with pytest.raises(InvalidToken):
        verify(compact({**HEADER, "cty": "JWT"}, employee_token("auth0|john").encode()))


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_bytes_raise_invalid_token(header: bytes, payload: bytes) -> None:
    for token in (compact(header, payload), compact(HEADER, payload), jwt.encode({}, "", algorithm="none")):
        with pytest.raises(InvalidToken):
            verify(token)
