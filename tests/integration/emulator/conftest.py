"""A running emulator, empty and with the probe stack."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.cli.apply_missing_resources import apply_missing_resources
from tests.integration.emulator.emulator_process import (
    STACK_NAME,
    Emulator,
    deploy_probe_stack,
    running_emulator,
    write_api_ids,
)
from tests.integration.emulator.issuer import Issuer
from tests.integration.emulator.limited_role import Limited


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    with Issuer() as running:
        yield running


@pytest.fixture(scope="session")
def empty_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running_emulator(tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def limited(empty_emulator: Emulator) -> Limited:
    return Limited(empty_emulator)


@pytest.fixture(scope="session")
def emulator(empty_emulator: Emulator, issuer: Issuer) -> Emulator:
    """With the probe stack. The missing resources are applied twice, which must not fail."""
    deploy_probe_stack(empty_emulator, issuer.url)
    for _ in range(2):
        apply_missing_resources(empty_emulator.session, empty_emulator.url, STACK_NAME)
    write_api_ids(empty_emulator)
    return empty_emulator
