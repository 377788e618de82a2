"""An installation that fails: the message names the package registry if it cannot be reached."""

import os
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
SCRIPT = PROJECT / "packaging" / "run_installer.sh"
UNREACHABLE = (
    "error: Failed to fetch: `https://pypi.org/simple/rich/`\n  Caused by: error sending request",  # uv
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'",  # pip
    "ERROR: Could not find a version that satisfies the requirement uv==0.13.9 (from versions: none)",
    "npm error code ECONNREFUSED",
    "npm error code EAI_AGAIN",
)


def install(says: str, status: int = 1, **variables: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", "-c", f'printf "%s\\n" "$0" >&2; exit {status}', says]
    environment = {**os.environ, **variables}
    return subprocess.run(
        [str(SCRIPT), "https://pypi.org/simple", "UV_DEFAULT_INDEX", *command],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("message", UNREACHABLE)
def test_unreachable_registry_is_named(message: str) -> None:
    done = install(message)
    assert done.returncode == 1
    assert message in done.stderr
    assert "The package registry https://pypi.org/simple cannot be reached." in done.stderr
    assert "name a mirror by UV_DEFAULT_INDEX" in done.stderr


def test_registry_of_the_user_is_named() -> None:
    done = install(UNREACHABLE[0], UV_DEFAULT_INDEX="https://mirror.example")
    assert "The package registry https://mirror.example cannot be reached." in done.stderr


def test_other_failure_is_not_blamed_on_the_registry() -> None:
    done = install("error: the lock file needs to be updated", 2)
    assert done.returncode == 2
    assert "registry" not in done.stderr
    assert "needs to be updated" in done.stderr


def test_success_is_quiet() -> None:
    done = install("a warning", 0)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_makefile_installs_by_the_script_only() -> None:
    lines = (PROJECT / "Makefile").read_text().split("$(INSTALLED):")[1].replace("\\\n", " ").splitlines()
    installers = [line for line in lines if any(word in line for word in (" sync ", "npm ci", "pip install"))]
    assert len(installers) == 4
    assert all("$(FROM_PYPI) " in line or "$(FROM_NPM) " in line for line in installers)
