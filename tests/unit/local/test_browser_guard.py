"""Which requests the emulator answers: programs on this machine and in its containers, no page of another site."""

import pytest

from local.emulator.browser_guard import CONTAINERS_HOST, is_allowed, is_page_visit

NAMES = frozenset({CONTAINERS_HOST, "172.17.0.1"})


def allowed(host: str | None, **headers: str) -> bool:
    sent = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return is_allowed([(name.encode(), value.encode()) for name, value in sent.items() if value is not None], NAMES)


OWN = "127.0.0.1:1 127.9.9.9 localhost:1 LOCALHOST [::1]:1 api.execute-api.localhost host.docker.internal 172.17.0.1:1"
OTHER = (
    "evil.example 127.0.0.1.evil.example localhost.evil.example evil-localhost 0.0.0.0 10.0.0.1 2130706433 172.17.0.2 "
    "evil@127.0.0.1 127.0.0.1/evil 127.0.0.1:x [::2]"
)


@pytest.mark.parametrize("host", OWN.split())
def test_name_of_this_machine_is_allowed(host: str) -> None:
    assert allowed(host)


@pytest.mark.parametrize("host", [*OTHER.split(), "", " ", "\x00localhost", None])
def test_any_other_name_is_refused(host: str | None) -> None:
    assert not allowed(host)


def test_two_host_headers_must_both_be_allowed() -> None:
    assert not is_allowed([(b"host", b"127.0.0.1"), (b"Host", b"evil.example")], NAMES)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"origin": "http://127.0.0.1:1"}, True),
        ({"origin": "http://127.0.0.1:2"}, False),
        ({"origin": "http://localhost:1"}, False),
        ({"origin": "https://127.0.0.1:1"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"sec_fetch_site": "none"}, True),
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
    ],
)
def test_page_of_another_origin_is_refused(headers: dict[str, str], expected: bool) -> None:
    assert allowed("127.0.0.1:1", **headers) is expected


VISIT = {"host": "127.0.0.1:10055", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


@pytest.mark.parametrize(
    ("method", "changes", "expected"),
    [
        ("GET", {"sec-fetch-site": "cross-site"}, True),
        ("GET", {"sec-fetch-site": "same-site"}, True),
        ("POST", {"sec-fetch-site": "cross-site"}, False),
        ("GET", {"host": "evil.example"}, False),
        ("GET", {"host": CONTAINERS_HOST}, False),
        ("GET", {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}, False),
        ("GET", {"sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}, False),
        ("GET", {"sec-fetch-dest": "iframe"}, False),
        ("GET", {"sec-fetch-mode": ""}, False),
    ],
)
def test_page_is_opened_from_any_site_but_not_used_by_it(method: str, changes: dict[str, str], expected: bool) -> None:
    headers = [(name.encode(), value.encode()) for name, value in (VISIT | changes).items()]
    assert is_page_visit({"method": method, "headers": headers}) is expected
