"""The requirements.txt of each deployment unit: pinned as in uv.lock, and no package twice."""

from itertools import combinations

import pytest

from tests.support.export_requirements import FUNCTIONS, LAYER, PROJECT, expected, parse


def test_requirements_match_the_lock() -> None:
    for path, text in expected().items():
        assert (PROJECT / path).read_text() == text, f"{path}: run `make requirements`"


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda path: path.parts[1])
def test_function_omits_packages_of_the_layer(path: object) -> None:
    layer = parse((PROJECT / LAYER).read_text())
    function = parse((PROJECT / str(path)).read_text())
    assert not layer.keys() & function.keys()


def test_every_requirement_has_a_hash() -> None:
    for path in (LAYER, *FUNCTIONS):
        assert all("--hash=sha256:" in pin for pin in parse((PROJECT / path).read_text()).values())


def test_functions_ship_the_same_versions() -> None:
    shipped = [parse((PROJECT / path).read_text()) for path in FUNCTIONS]
    for one, other in combinations(shipped, 2):
        assert all(one[name] == other[name] for name in one.keys() & other.keys())
