"""The packages with compiled code are those of the processors on which the stack runs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.support.sam_cli import ENVIRONMENT, PROJECT
from tests.support.stack_template import read_stack

_MACHINE: Final = slice(18, 20)  # e_machine of an ELF header
_MACHINES: Final = {"x86_64": 0x3E, "arm64": 0xB7}
_ARCHITECTURE: Final = {"Ref": "Architecture"}


def built(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A build of the agent's function, by the command of sam."""
    return subprocess.run(
        ["make", "--makefile", "Makefile", "build-AgentFunction"],  # noqa: S607 - found as sam finds it
        cwd=PROJECT / "functions" / "agent",
        env={**os.environ, **ENVIRONMENT, "ARTIFACTS_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("architecture", _MACHINES)
def test_build_fetches_packages_of_the_architecture(tmp_path: Path, architecture: str) -> None:
    """On any machine: an archive with code for another processor deploys, and then no function starts."""
    done = built(tmp_path, ARCHITECTURE=architecture)
    assert done.returncode == 0, done.stderr
    machines = {int.from_bytes(path.read_bytes()[_MACHINE], "little") for path in tmp_path.rglob("*.so")}
    assert machines == {_MACHINES[architecture]}


def test_build_for_an_unknown_architecture_fails(tmp_path: Path) -> None:
    done = built(tmp_path, ARCHITECTURE="armv7")
    assert done.returncode != 0
    assert "the architecture is x86_64 or arm64, not armv7" in done.stderr


def test_functions_layer_and_cache_have_the_one_architecture() -> None:
    """sam's cache would return the layer's build for the other one: it goes by BuildArchitecture alone."""
    stack = read_stack()
    layer = stack.template["Resources"]["SharedLayer"]
    assert layer["Metadata"]["BuildArchitecture"] == _ARCHITECTURE
    assert layer["Properties"]["CompatibleArchitectures"] == [_ARCHITECTURE]
    assert all(function["Architectures"] == [_ARCHITECTURE] for function in stack.functions.values())
