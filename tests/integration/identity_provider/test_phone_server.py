"""The phone's port: it serves this machine only, and only its own page may answer a request."""

import json

from tests.integration.identity_provider.stand_in import IdentityProvider


def test_foreign_host_name_is_rejected(idp: IdentityProvider) -> None:
    assert idp.phone.get("/api/requests", headers={"Host": "evil.example:80"}).status_code == 403
    assert idp.phone.get("/", headers={"Host": "127.0.0.1.evil.example"}).status_code == 403
    assert idp.phone.get("/api/health", headers={"Host": "localhost:1"}).status_code == 200


def test_page_of_another_site_cannot_approve(idp: IdentityProvider) -> None:
    idp.auth_req_id()
    path = f"/api/requests/{idp.phone.get('/api/requests').json()[0]['id']}/approve"
    foreign_headers = [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
    ]
    assert [idp.phone.post(path, headers=headers).status_code for headers in foreign_headers] == [403] * 4
    own = {"Origin": str(idp.phone.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    assert idp.phone.post(path, headers=own).status_code == 204


def test_page_cannot_be_framed_and_loads_local_files_only(idp: IdentityProvider) -> None:
    page = idp.phone.get("/")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "://" not in page.text
    for path in ("/phone.css", "/phone.js"):
        assert idp.phone.get(path).status_code == 200
    assert idp.phone.get("/../main.js").status_code == 404


def test_event_stream_sends_request_and_answer(idp: IdentityProvider) -> None:
    with idp.phone.stream("GET", "/api/events") as stream:
        events = (json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: "))
        next(events)
        auth_req_id = idp.auth_req_id(binding_message="Staff0:acme:STREAM")
        [card, *_] = next(events)
        assert (card["binding_message"], card["state"], card["name"]) == ("Staff0:acme:STREAM", "pending", "John Doe")
        assert card["asks"] == ["Read whether you work here"]
        assert (card["client"], card["api"]) == ("HR Agent", "HR API")
        assert auth_req_id not in json.dumps(card)
        idp.phone.post(f"/api/requests/{card['id']}/deny")
        assert next(events)[0]["state"] == "denied"
