"""Writes each deployment unit's requirements.txt from uv.lock: a function ships only what the layer does not.

python packaging/export_requirements.py            write them
python packaging/export_requirements.py --check    exit 1, naming those that are out of step
"""

import argparse
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parent.parent
LAYER = Path("layers/shared/requirements.txt")
# Dependency group of pyproject.toml behind each function's file; the loop and the notifier need nothing but the layer.
FUNCTIONS = {
    Path("functions/agent/requirements.txt"): "agent",
    Path("functions/hr_api/requirements.txt"): "hr-api",
    Path("functions/ciba_poller/requirements.txt"): None,
    Path("functions/notifier/requirements.txt"): None,
}
HEADER = "# Exported from uv.lock by `make requirements`.\n"

type Pins = dict[str, str]
"""Package name to its requirement: version, marker and hashes."""


def locked(group: str) -> Pins:
    """Everything the group needs, as uv.lock has it. Raises CalledProcessError when uv finds the lock stale."""
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
    """The requirements of a file, each with its continuation lines."""
    joined = text.replace("\\\n    --hash", "\\\t--hash")
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return {line.partition("==")[0]: line.replace("\\\t--hash", "\\\n    --hash") for line in lines}


def expected() -> dict[Path, str]:
    """Each unit's file as it should be."""
    layer = locked("layer")
    units = {LAYER: layer}
    for path, group in FUNCTIONS.items():
        needed = locked(group) if group else {}
        units[path] = {name: pin for name, pin in needed.items() if name not in layer}
    return {path: HEADER + "".join(f"{pin}\n" for pin in pins.values()) for path, pins in units.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description="Export each deployment unit's requirements.txt from uv.lock.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a file is out of step")
    check = parser.parse_args().check
    stale = {
        path: text
        for path, text in expected().items()
        if not (PROJECT / path).exists() or (PROJECT / path).read_text() != text
    }
    for path, text in stale.items():
        if check:
            sys.stderr.write(f"{path} is out of step with uv.lock: run `make requirements`\n")
        else:
            (PROJECT / path).write_text(text)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
