"""Faults that a test queues for the next requests."""

from collections.abc import Iterator

import httpx
import pytest

from tests.integration.identity_provider.stand_in import IdentityProvider


@pytest.fixture(autouse=True)
def empty_fault_queue(idp: IdentityProvider) -> Iterator[None]:
    yield
    idp.phone.delete("/api/faults")


def test_fault_is_repeated_on_its_path_only(idp: IdentityProvider) -> None:
    fault = {"path": "/oauth/token", "status": 503, "body": {"error": "x"}, "headers": {"Retry-After": "7"}, "times": 2}
    assert idp.phone.post("/api/faults", json=fault).status_code == 204
    assert idp.http.get("/.well-known/jwks.json").status_code == 200
    responses = [idp.machine_token("A2A Client acme") for _ in range(3)]
    assert [response.status_code for response in responses] == [503, 503, 200]
    assert (responses[0].json(), responses[0].headers["retry-after"]) == ({"error": "x"}, "7")


def test_dropped_response_is_lost_after_processing(idp: IdentityProvider) -> None:
    idp.phone.post("/api/faults", json={"path": "/bc-authorize", "drop": True})
    with pytest.raises(httpx.RemoteProtocolError):
        idp.authorize(binding_message="Staff0:acme:LOST")
    assert "Staff0:acme:LOST" in idp.phone.get("/api/requests").text


def test_delayed_response_is_complete(idp: IdentityProvider) -> None:
    idp.phone.post("/api/faults", json={"path": "/oauth/token", "delay_ms": 200})
    response = idp.machine_token("A2A Client acme")
    assert response.status_code == 200
    assert response.elapsed.total_seconds() >= 0.2


def test_clearing_empties_the_queue(idp: IdentityProvider) -> None:
    idp.phone.post("/api/faults", json={"path": "/oauth/token", "status": 500})
    assert idp.phone.delete("/api/faults").status_code == 204
    assert idp.machine_token("A2A Client acme").status_code == 200


@pytest.mark.parametrize("fault", ["{", "[]", "{}", '{"path": "/x", "stauts": 500}', '{"path": "/x", "times": 0}'])
def test_invalid_fault_is_rejected(idp: IdentityProvider, fault: str) -> None:
    response = idp.phone.post("/api/faults", content=fault)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_fault")
