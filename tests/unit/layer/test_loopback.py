import pytest
from staff0.loopback import is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost", "LOCALHOST", "agent.localhost"])
def test_loopback_host(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "10.0.0.1", "::2", "localhost.example", "mylocalhost", "127.0.0.1.example"])
def test_other_host(host: str) -> None:
    assert not is_loopback(host)
