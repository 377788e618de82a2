"""What a caller of the deployed APIs meets at the ports that `make up` prints."""

from typing import Any

import httpx
import pytest

from tests.integration.emulator.conftest import Emulator
from tests.integration.emulator.issuer import Issuer


def test_before_the_first_deployment_the_port_says_what_to_do(empty_emulator: Emulator) -> None:
    known = empty_emulator.apis_file.read_text() if empty_emulator.apis_file.exists() else None
    empty_emulator.apis_file.unlink(missing_ok=True)
    answer = empty_emulator.front.get("/anything")
    if known:
        empty_emulator.apis_file.write_text(known)
    assert answer.status_code == 503
    assert "make up" in answer.json()["message"]


def test_an_open_route_needs_no_token(emulator: Emulator) -> None:
    assert emulator.front.get("/open").status_code == 200


def test_no_token_is_challenged_as_api_gateway_does(emulator: Emulator) -> None:
    answer = emulator.front.post("/rpc", json={})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("claims", [{"aud": "https://elsewhere"}, {"iss": "http://127.0.0.1:1/"}, {"exp": 1}])
def test_a_token_for_others_is_refused(emulator: Emulator, issuer: Issuer, claims: dict[str, Any]) -> None:
    answer = get(emulator, "/rpc", issuer.token(**claims))
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_a_token_without_the_scope_is_forbidden(emulator: Emulator, issuer: Issuer) -> None:
    answer = get(emulator, "/rpc", issuer.token(scope="read:other"))
    assert answer.status_code == 403
    assert 'scope="read:probe"' in answer.headers["www-authenticate"]


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
def test_a_path_reaches_the_function_as_on_aws(emulator: Emulator, issuer: Issuer, sent: str, raw_path: str) -> None:
    event = get(emulator, sent, issuer.token()).json()["event"]
    assert event["rawPath"] == raw_path


def test_the_function_sees_the_api_s_own_host_and_the_token_s_claims(emulator: Emulator, issuer: Issuer) -> None:
    event = get(emulator, "/employees/7?a=1&a=2", issuer.token()).json()["event"]
    assert event["headers"]["host"] == event["requestContext"]["domainName"]
    assert event["pathParameters"] == {"id": "7"}
    assert event["rawQueryString"] == "a=1&a=2"
    assert event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] == "someone"


def test_an_exception_s_text_stays_inside(emulator: Emulator, issuer: Issuer) -> None:
    answer = get(emulator, "/fail", issuer.token())
    assert answer.status_code == 500
    assert answer.json() == {"message": "Internal Server Error"}


def get(emulator: Emulator, path: str, token: str) -> httpx.Response:
    # The whole address: httpx would join a path of two slashes to its base.
    address = f"http://127.0.0.1:{emulator.front_port}{path}"
    return emulator.front.get(address, headers={"Authorization": f"Bearer {token}"})
