"""Writes each deployment unit's requirements.txt from uv.lock. A function's file omits what the layer has.

python packaging/export_requirements.py            writes the files
python packaging/export_requirements.py --check    writes nothing; exits with 1 and names the outdated files
"""

import argparse
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parent.parent
LAYER = Path("layers/shared/requirements.txt")
# Function's file → its dependency group in pyproject.toml. The approval functions and the notifier need the layer only.
FUNCTIONS = {
    Path("functions/agent/requirements.txt"): "agent",
    Path("functions/hr_api/requirements.txt"): "hr-api",
    Path("functions/employee_page/requirements.txt"): "employee-page",
    Path("functions/ciba_poller/requirements.txt"): None,
    Path("functions/notifier/requirements.txt"): None,
}
HEADER = "# Exported from uv.lock by `make requirements`.\n"

type Pins = dict[str, str]
"""Package name → its requirement with version, marker and hashes."""


def locked(group: str) -> Pins:
    """Pins of a dependency group from uv.lock. Raises CalledProcessError if uv.lock does not match pyproject.toml."""
    command = ["uv", "export", "--locked", "--quiet", "--only-group", group, "--no-header", "--no-annotate"]
    exported = subprocess.run(  # noqa: S603 - a fixed command
        command,
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return parse(exported)


def parse(text: str) -> Pins:
    """Parses a requirements file. Each requirement keeps its continuation lines."""
    joined = text.replace("\\\n    --hash", "\\\t--hash")
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return {line.partition("==")[0]: line.replace("\\\t--hash", "\\\n    --hash") for line in lines}


def expected() -> dict[Path, str]:
    """File path → its up-to-date content."""
    layer = locked("layer")
    units = {LAYER: layer}
    for path, group in FUNCTIONS.items():
        needed = locked(group) if group else {}
        units[path] = {name: pin for name, pin in needed.items() if name not in layer}
    return {path: HEADER + "".join(f"{pin}\n" for pin in pins.values()) for path, pins in units.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description="Export each deployment unit's requirements.txt from uv.lock.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a file is outdated")
    check = parser.parse_args().check
    stale = {
        path: text
        for path, text in expected().items()
        if not (PROJECT / path).exists() or (PROJECT / path).read_text() != text
    }
    for path, text in stale.items():
        if check:
            sys.stderr.write(f"{path} does not match uv.lock. Run: make requirements\n")
        else:
            (PROJECT / path).write_text(text)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
