"""The descriptions in openapi/ are made from the code, and are valid OpenAPI."""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis

from openapi.__main__ import descriptions, text


@pytest.mark.parametrize("name", ["agent.json", "hr-api.json"])
def test_what_is_kept_is_what_the_code_says(name: str) -> None:
    """Else: make openapi."""
    assert Path("openapi", name).read_text() == text(descriptions()[name])


@pytest.mark.parametrize("name", ["agent.json", "hr-api.json"])
def test_it_is_valid(name: str) -> None:
    schemathesis.openapi.from_path(f"openapi/{name}").validate()
