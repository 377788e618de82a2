"""The demo's phone answers the request with the caller's code, and no other."""

import httpx
import pytest

from local.errors import LocalError
from local.phone.automatic_answer import Phone

PENDING = [
    {"id": "1", "email": "jroe@staff0.com", "binding_message": "Staff0:globex:AAAA22"},
    {"id": "2", "email": "jdoe@staff0.com", "binding_message": "Staff0:acme:7K4Q2M"},
]


def recording_phone(posted: list[str]) -> Phone:
    def serve(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json=PENDING)
        posted.append(request.url.path)
        return httpx.Response(204)

    http = httpx.Client(base_url="http://phone", transport=httpx.MockTransport(serve))
    return Phone(http, say=lambda _: None, wait=lambda _: None)


def test_request_with_the_callers_code_is_approved() -> None:
    posted: list[str] = []
    recording_phone(posted).answer("7K4Q2M", "approve")
    assert posted == ["/api/requests/2/approve"]


def test_unknown_code_is_not_approved() -> None:
    posted: list[str] = []
    with pytest.raises(LocalError, match="ZZZZ99"):
        recording_phone(posted).answer("ZZZZ99", "approve")
    assert posted == []


def test_unreachable_phone_is_reported_with_its_url() -> None:
    def refuse_connection(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    http = httpx.Client(base_url="http://phone", transport=httpx.MockTransport(refuse_connection))
    with pytest.raises(LocalError, match="http://phone"):
        Phone(http, say=lambda _: None).answer("7K4Q2M", "approve")
