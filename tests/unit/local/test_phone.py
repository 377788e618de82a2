"""The demo's phone approves what a careful person would, and nothing else."""

import httpx
import pytest

from local.cli.errors import LocalError
from local.phone.automatic_answer import Phone

PENDING = [
    {"id": "1", "email": "jroe@staff0.com", "binding_message": "Staff0:globex:AAAA22"},
    {"id": "2", "email": "jdoe@staff0.com", "binding_message": "Staff0:acme:7K4Q2M"},
]


def phone_of(posted: list[str]) -> Phone:
    def serve(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json=PENDING)
        posted.append(request.url.path)
        return httpx.Response(204)

    http = httpx.Client(base_url="http://phone", transport=httpx.MockTransport(serve))
    return Phone(http, say=lambda _: None, wait=lambda _: None)


def test_only_the_request_with_the_caller_s_code_is_approved() -> None:
    posted: list[str] = []
    phone_of(posted).answer("7K4Q2M", "approve")
    assert posted == ["/api/requests/2/approve"]


def test_a_code_that_no_request_shows_is_never_approved() -> None:
    posted: list[str] = []
    with pytest.raises(LocalError, match="ZZZZ99"):
        phone_of(posted).answer("ZZZZ99", "approve")
    assert posted == []


def test_a_phone_that_is_down_is_named() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    http = httpx.Client(base_url="http://phone", transport=httpx.MockTransport(refuse))
    with pytest.raises(LocalError, match="http://phone"):
        Phone(http, say=lambda _: None).answer("7K4Q2M", "approve")
