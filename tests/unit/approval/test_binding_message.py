"""The binding message and its code."""

from approval.binding_message import ALPHABET, binding_message, new_code


def test_binding_message_fits_auth0s_rules() -> None:
    code = new_code()
    assert len(code) == 6
    assert set(code) <= set(ALPHABET)
    assert not set("01OILU") & set(ALPHABET)
    assert len(binding_message("x" * 24, code)) <= 64
    assert len({new_code() for _ in range(100)}) > 95
