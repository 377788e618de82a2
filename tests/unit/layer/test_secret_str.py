from __future__ import annotations

import json

import pytest
from staff0.secret_str import SecretStr

SECRET = SecretStr("canary-5f1c")


@pytest.mark.parametrize(
    "shown", [str(SECRET), repr(SECRET), f"{SECRET}", f"{[SECRET]}", json.dumps([SECRET], default=str)]
)
def test_text_is_not_shown(shown: str) -> None:
    assert "canary" not in shown


def test_text_is_given_to_whoever_asks_for_it() -> None:
    assert SECRET.get_secret_value() == "canary-5f1c"


def test_secrets_compare_by_their_text() -> None:
    assert SecretStr("canary-5f1c") == SECRET
    assert SecretStr("another") != SECRET
    assert SECRET != "canary-5f1c"
    assert {SECRET, SecretStr("canary-5f1c")} == {SECRET}


def test_empty_secret_is_false() -> None:
    assert not SecretStr("")
