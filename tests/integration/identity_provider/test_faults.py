"""The fault queue: bad days a client must live through."""

from collections.abc import Iterator

import httpx
import pytest

from tests.integration.identity_provider.conftest import Tenant


@pytest.fixture(autouse=True)
def no_faults_left(tenant: Tenant) -> Iterator[None]:
    yield
    tenant.phone.delete("/api/faults")


def test_a_fault_is_played_as_often_as_asked_and_on_its_path_only(tenant: Tenant) -> None:
    fault = {"path": "/oauth/token", "status": 503, "body": {"error": "x"}, "headers": {"Retry-After": "7"}, "times": 2}
    assert tenant.phone.post("/api/faults", json=fault).status_code == 204
    assert tenant.http.get("/.well-known/jwks.json").status_code == 200
    answers = [tenant.machine_token("A2A Client acme") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert (answers[0].json(), answers[0].headers["retry-after"]) == ({"error": "x"}, "7")


def test_a_dropped_answer_is_lost_after_the_tenant_acted(tenant: Tenant) -> None:
    tenant.phone.post("/api/faults", json={"path": "/bc-authorize", "drop": True})
    with pytest.raises(httpx.RemoteProtocolError):
        tenant.ask(binding_message="Staff0:acme:LOST")
    assert "Staff0:acme:LOST" in tenant.phone.get("/api/requests").text


def test_a_delayed_answer_comes_late_but_whole(tenant: Tenant) -> None:
    tenant.phone.post("/api/faults", json={"path": "/oauth/token", "delay_ms": 200})
    answer = tenant.machine_token("A2A Client acme")
    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() >= 0.2


def test_clearing_forgets_the_queue(tenant: Tenant) -> None:
    tenant.phone.post("/api/faults", json={"path": "/oauth/token", "status": 500})
    assert tenant.phone.delete("/api/faults").status_code == 204
    assert tenant.machine_token("A2A Client acme").status_code == 200


@pytest.mark.parametrize("fault", ["{", "[]", "{}", '{"path": "/x", "stauts": 500}', '{"path": "/x", "times": 0}'])
def test_a_mistyped_fault_is_refused_instead_of_ignored(tenant: Tenant, fault: str) -> None:
    answer = tenant.phone.post("/api/faults", content=fault)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_fault")
