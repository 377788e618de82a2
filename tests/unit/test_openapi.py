"""The descriptions in openapi/ are current and valid OpenAPI."""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis

from openapi.__main__ import descriptions, to_json


@pytest.mark.parametrize("name", ["agent.json", "hr-api.json"])
def test_description_is_current(name: str) -> None:
    """If this fails, run `make openapi`."""
    assert Path("openapi", name).read_text() == to_json(descriptions()[name])


@pytest.mark.parametrize("name", ["agent.json", "hr-api.json"])
def test_description_is_valid(name: str) -> None:
    schemathesis.openapi.from_path(f"openapi/{name}").validate()
