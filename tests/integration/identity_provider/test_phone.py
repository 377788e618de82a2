"""The phone port: for this machine and its own page only."""

import json

from tests.integration.identity_provider.conftest import Tenant


def test_a_name_that_was_pointed_at_this_machine_is_turned_away(tenant: Tenant) -> None:
    assert tenant.phone.get("/api/requests", headers={"Host": "evil.example:80"}).status_code == 403
    assert tenant.phone.get("/", headers={"Host": "127.0.0.1.evil.example"}).status_code == 403
    assert tenant.phone.get("/api/health", headers={"Host": "localhost:1"}).status_code == 200


def test_another_sites_page_cannot_approve(tenant: Tenant) -> None:
    tenant.auth_req_id()
    path = f"/api/requests/{tenant.phone.get('/api/requests').json()[0]['id']}/approve"
    strange = [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
    ]
    assert [tenant.phone.post(path, headers=headers).status_code for headers in strange] == [403] * 4
    own = {"Origin": str(tenant.phone.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    assert tenant.phone.post(path, headers=own).status_code == 204


def test_the_page_cannot_be_framed_and_loads_nothing_from_elsewhere(tenant: Tenant) -> None:
    page = tenant.phone.get("/")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "://" not in page.text
    for path in ("/phone.css", "/phone.js"):
        assert tenant.phone.get(path).status_code == 200
    assert tenant.phone.get("/../main.js").status_code == 404


def test_the_page_is_told_of_a_request_and_of_its_answer_without_reloading(tenant: Tenant) -> None:
    with tenant.phone.stream("GET", "/api/events") as stream:
        events = (json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: "))
        next(events)
        auth_req_id = tenant.auth_req_id(binding_message="Staff0:acme:STREAM")
        [card, *_] = next(events)
        assert (card["binding_message"], card["state"], card["name"]) == ("Staff0:acme:STREAM", "pending", "John Doe")
        assert card["asks"] == ["Read your employment details"]
        assert (card["client"], card["api"]) == ("HR Agent", "HR API")
        assert auth_req_id not in json.dumps(card)
        tenant.phone.post(f"/api/requests/{card['id']}/deny")
        assert next(events)[0]["state"] == "denied"
