"""Texts that a caller chooses have only characters that every later station can carry."""

from __future__ import annotations

from typing import Any

import pytest
from a2a.types import SendMessageRequest
from google.protobuf.json_format import ParseDict
from staff0.caller_texts import has_supported_texts, is_supported_text

SUPPORTED = ["", "a b", "line\nline\ttab\r", "\x20", "\ud7ff", "\ue000", "\ufffd", "\U00010000", "\U0010ffff"]
UNSUPPORTED = ["\0", "\x08", "\x0b", "\x0c", "\x1b[31m", "\x1f", "\ud800", "\udfff", "a\ufffe", "\uffffb"]


@pytest.mark.parametrize("text", SUPPORTED, ids=ascii)
def test_character_of_xml_is_supported(text: str) -> None:
    assert is_supported_text(text)


@pytest.mark.parametrize("text", UNSUPPORTED, ids=ascii)
def test_other_character_is_not_supported(text: str) -> None:
    assert not is_supported_text(text)


def request(**message: Any) -> SendMessageRequest:
    return ParseDict({"message": message}, SendMessageRequest())


@pytest.mark.parametrize(
    "message",
    [
        {"messageId": "\uffff"},
        {"contextId": "\uffff"},
        {"taskId": "\uffff"},
        {"referenceTaskIds": ["a", "\uffff"]},
        {"extensions": ["\uffff"]},
        {"parts": [{"text": "a"}, {"text": "\uffff"}]},
        {"parts": [{"text": "a", "metadata": {"b": "\uffff"}}]},
        {"parts": [{"text": "a", "filename": "\uffff"}]},
        {"metadata": {"\uffff": 1}},
        {"metadata": {"a": [1, {"b": ["\uffff"]}]}},
    ],
    ids=str,
)
def test_every_text_of_a_message_is_checked(message: dict[str, Any]) -> None:
    assert not has_supported_texts(request(**message))


def test_message_of_supported_texts() -> None:
    metadata: dict[str, Any] = {"a": [None, 1.5, True, {}]}
    assert has_supported_texts(request(parts=[{"text": "caf\u00e9 \U0001f600"}], metadata=metadata))
