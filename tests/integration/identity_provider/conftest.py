"""Running identity providers: one for all tests, and further ones with other settings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.identity_provider import stand_in
from tests.integration.identity_provider.stand_in import IdentityProvider, Keys, StartIdp


@pytest.fixture(scope="session")
def idp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IdentityProvider]:
    """An identity provider with the default settings. A test that uses it leaves its state unchanged."""
    running = stand_in.start(tmp_path_factory.mktemp("idp"))
    yield running
    stand_in.stop(running)


@pytest.fixture
def start_idp(tmp_path: Path) -> Iterator[StartIdp]:
    """Starts identity providers with the given settings, and stops them after the test."""
    running: list[IdentityProvider] = []

    def start(keys: Keys | None = None, /, **settings: str) -> IdentityProvider:
        running.append(stand_in.start(tmp_path, keys, **settings))
        return running[-1]

    yield start
    for idp in running:
        stand_in.stop(idp)
