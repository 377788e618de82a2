"""Requests to an HTTP API at the port that `make up` prints."""

from typing import Any

import httpx
import pytest

from tests.integration.emulator.emulator_process import Emulator
from tests.integration.emulator.issuer import Issuer


def test_port_without_api_says_what_to_do(empty_emulator: Emulator) -> None:
    api_ids = empty_emulator.api_ids_file.read_text() if empty_emulator.api_ids_file.exists() else None
    empty_emulator.api_ids_file.unlink(missing_ok=True)
    response = empty_emulator.api.get("/anything")
    if api_ids:
        empty_emulator.api_ids_file.write_text(api_ids)
    assert response.status_code == 503
    assert "make up" in response.json()["message"]


def test_public_route_needs_no_token(emulator: Emulator) -> None:
    assert emulator.api.get("/open").status_code == 200


def test_missing_token_gets_a_challenge(emulator: Emulator) -> None:
    response = emulator.api.post("/rpc", json={})
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("claims", [{"aud": "https://elsewhere"}, {"iss": "http://127.0.0.1:1/"}, {"exp": 1}])
def test_wrong_or_expired_token_is_rejected(emulator: Emulator, issuer: Issuer, claims: dict[str, Any]) -> None:
    response = get(emulator, "/rpc", issuer.token(**claims))
    assert response.status_code == 401
    assert 'error="invalid_token"' in response.headers["www-authenticate"]


def test_token_without_scope_is_forbidden(emulator: Emulator, issuer: Issuer) -> None:
    response = get(emulator, "/rpc", issuer.token(scope="read:other"))
    assert response.status_code == 403
    assert 'scope="read:probe"' in response.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("sent", "raw_path"),
    [
        ("/rpc", "/rpc"),
        ("/rpc/", "/rpc/"),
        ("//rpc", "//rpc"),
        ("/", "/"),
        ("/employees/auth0%7C66f1", "/employees/auth0|66f1"),
        ("/_ministack/reset", "/_ministack/reset"),
    ],
)
def test_function_gets_the_path_as_on_aws(emulator: Emulator, issuer: Issuer, sent: str, raw_path: str) -> None:
    event = get(emulator, sent, issuer.token()).json()["event"]
    assert event["rawPath"] == raw_path


def test_event_has_host_path_query_and_claims(emulator: Emulator, issuer: Issuer) -> None:
    event = get(emulator, "/employees/7?a=1&a=2", issuer.token()).json()["event"]
    assert event["headers"]["host"] == event["requestContext"]["domainName"]
    assert event["pathParameters"] == {"id": "7"}
    assert event["rawQueryString"] == "a=1&a=2"
    assert event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] == "someone"


def test_response_does_not_contain_the_exception(emulator: Emulator, issuer: Issuer) -> None:
    response = get(emulator, "/fail", issuer.token())
    assert response.status_code == 500
    assert response.json() == {"message": "Internal Server Error"}


def get(emulator: Emulator, path: str, token: str) -> httpx.Response:
    # The complete URL, because httpx changes a relative URL that starts with two slashes.
    url = f"http://127.0.0.1:{emulator.api_port}{path}"
    return emulator.api.get(url, headers={"Authorization": f"Bearer {token}"})
