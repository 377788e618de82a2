"""A page in a browser on this machine cannot use or read the emulator."""

from __future__ import annotations

import httpx
import pytest

from local.emulator.browser_guard import CONTAINERS_HOST
from tests.integration.emulator.emulator_process import Emulator

ACTIONS = {"AWS list": ("GET", "/"), "health": ("GET", "/_ministack/health"), "preflight": ("OPTIONS", "/")}


def ask(url: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{url}/_ministack/health", headers=headers, trust_env=False)


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}, {"Origin": "null"}])
@pytest.mark.parametrize(("method", "path"), ACTIONS.values(), ids=ACTIONS)
def test_page_of_another_site_is_refused(
    empty_emulator: Emulator, method: str, path: str, headers: dict[str, str]
) -> None:
    response = httpx.request(method, f"{empty_emulator.url}{path}", headers=headers, trust_env=False)
    assert response.status_code == 403


def test_page_of_another_site_is_refused_at_the_port_of_an_api(empty_emulator: Emulator) -> None:
    assert empty_emulator.api.get("/", headers={"Origin": "https://evil.example"}).status_code == 403
    assert empty_emulator.api.get("/", headers={"Host": "evil.example"}).status_code == 403


@pytest.mark.parametrize(("method", "path"), ACTIONS.values(), ids=ACTIONS)
def test_no_response_allows_another_origin_to_read_it(empty_emulator: Emulator, method: str, path: str) -> None:
    response = httpx.request(method, f"{empty_emulator.url}{path}", trust_env=False)
    assert not [name for name in response.headers if name.startswith("access-control-")]


def test_container_is_answered(empty_emulator: Emulator) -> None:
    assert ask(empty_emulator.url, Host=f"{CONTAINERS_HOST}:10054").status_code == 200


def test_boto3_is_answered(empty_emulator: Emulator) -> None:
    assert empty_emulator.client("s3").list_buckets()["Buckets"] is not None
