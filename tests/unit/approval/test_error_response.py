"""What the log says of an error response: enough for an operator, and no person or secret."""

from __future__ import annotations

import httpx
import pytest
from approval.identity_provider.error_response import parse_error_response
from hypothesis import given
from hypothesis import strategies as st


def test_log_fields_of_auth0s_error() -> None:
    body = {"error": "access_denied", "error_description": "Approvals are not possible from this country."}
    response = httpx.Response(403, json=body, headers={"x-auth0-requestid": "4f2b7c1d9a8e"})
    assert parse_error_response(response).log_fields() == {
        "http_status": 403,
        "idp_error": "access_denied",
        "error_description": "Approvals are not possible from this country.",
        "idp_request_id": "4f2b7c1d9a8e",
    }


def test_message_of_the_management_api_is_the_description() -> None:
    body = {"statusCode": 403, "error": "Forbidden", "message": "Insufficient scope, expected any of: read:users"}
    description = parse_error_response(httpx.Response(403, json=body)).log_fields()["error_description"]
    assert description == "Insufficient scope, expected any of: read:users"


@pytest.mark.parametrize(
    "private", ["jdoe@staff0.com", "auth0|66f1a0c2d4e5", "waad|x", "eyJ0eXAi" * 6, "canary-echo-55e1"]
)
def test_addresses_ids_and_secrets_are_removed(private: str) -> None:
    body = {"error": "access_denied", "error_description": f"User {private}, not allowed"}
    fields = parse_error_response(httpx.Response(400, json=body)).log_fields()
    assert fields["error_description"] == "User [removed] not allowed"


def test_text_of_a_broken_server_is_not_logged() -> None:
    """It may repeat the request, with our credentials."""
    body = {"error": "server_error", "error_description": "Bearer canary"}
    fields = parse_error_response(httpx.Response(500, json=body)).log_fields()
    assert (fields["idp_error"], fields["error_description"]) == ("server_error", "")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"x"', b"[" * 100_000, b'{"error": {"a": 1}}'])
def test_any_body_has_log_fields(body: bytes) -> None:
    assert parse_error_response(httpx.Response(500, content=body)).log_fields()["http_status"] == 500


@given(st.text())
def test_log_fields_are_short(description: str) -> None:
    fields = parse_error_response(httpx.Response(400, json={"error_description": description})).log_fields()
    assert len(str(fields["error_description"])) < 2_000
