"""Each deployment unit ships what uv.lock says, and nothing twice."""

from itertools import combinations

import pytest

from tests.support.export_requirements import FUNCTIONS, LAYER, PROJECT, expected, parse


def test_what_is_deployed_is_what_is_locked() -> None:
    for path, text in expected().items():
        assert (PROJECT / path).read_text() == text, f"{path}: run `make requirements`"


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda path: path.parts[1])
def test_no_package_is_shipped_by_the_layer_and_by_a_function(path: object) -> None:
    layer = parse((PROJECT / LAYER).read_text())
    function = parse((PROJECT / str(path)).read_text())
    assert not layer.keys() & function.keys()


def test_every_package_is_checked_against_its_hash_when_it_is_installed() -> None:
    for path in (LAYER, *FUNCTIONS):
        assert all("--hash=sha256:" in pin for pin in parse((PROJECT / path).read_text()).values())


def test_functions_that_share_a_package_ship_the_same_version() -> None:
    shipped = [parse((PROJECT / path).read_text()) for path in FUNCTIONS]
    for one, other in combinations(shipped, 2):
        assert all(one[name] == other[name] for name in one.keys() & other.keys())
