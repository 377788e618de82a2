"""The URL of a resource and the URL of its metadata lead to each other (RFC 9728 3.1)."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from staff0.protected_resource import is_metadata_path, metadata_url, resource_url

METADATA = "/.well-known/oauth-protected-resource"
NO_SURROGATES = st.characters(exclude_categories=["Cs"])


@pytest.mark.parametrize(
    ("base_url", "path", "url"),
    [
        ("https://hr.example", "", f"https://hr.example{METADATA}"),
        ("https://hr.example", "/rpc", f"https://hr.example{METADATA}/rpc"),
        ("http://127.0.0.1:10050", "/v1/message:send", f"http://127.0.0.1:10050{METADATA}/v1/message:send"),
        ("https://hr.example", "/employees/auth0|j", f"https://hr.example{METADATA}/employees/auth0%7Cj"),
        ("https://hr.example/agent", "/rpc", f"https://hr.example{METADATA}/agent/rpc"),
    ],
)
def test_well_known_is_between_host_and_path(base_url: str, path: str, url: str) -> None:
    assert metadata_url(base_url, path) == url


@given(st.text(NO_SURROGATES))
def test_metadata_leads_back_to_resource(text: str) -> None:
    parts = urlsplit(metadata_url("https://hr.example", f"/{text}"))
    assert is_metadata_path(unquote(parts.path))
    assert unquote(resource_url("https://hr.example", unquote(parts.path))) == f"https://hr.example/{text}"


@pytest.mark.parametrize("path", ["/.well-known/oauth-protected-resources", f"/x{METADATA}", "/rpc"])
def test_other_path_is_no_metadata(path: str) -> None:
    assert not is_metadata_path(path)
