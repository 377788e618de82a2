"""Removes from botocore's data folder what no function reads: other AWS services than those named, and documentation.

python packaging/trim_botocore.py DATA SERVICE...

botocore describes more than 400 services in 28 MB. The first client of a process parses the endpoints of all of them
and its service's documentation. That would be more than half of the time that the client takes.
"""

import gzip
import json
import shutil
import sys
from collections.abc import Collection
from pathlib import Path


def remove_services(data: Path, kept: Collection[str]) -> None:
    for folder in data.iterdir():
        if folder.is_dir() and folder.name not in kept:
            shutil.rmtree(folder)


def remove_documentation(data: Path) -> set[str]:
    """Rewrites the models. Returns their services' names in endpoints.json: "states" for stepfunctions."""
    names = set()
    for path in data.glob("*/*/service-2.json.gz"):
        model = json.loads(gzip.decompress(path.read_bytes()), object_hook=_without_documentation)
        path.write_bytes(gzip.compress(json.dumps(model).encode(), mtime=0))
        names.add(model["metadata"]["endpointPrefix"])
    return names


def _without_documentation(value: dict[str, object]) -> dict[str, object]:
    """The object without its text. A member of a structure may have the name too, but then its value is an object."""
    return {name: inner for name, inner in value.items() if name != "documentation" or not isinstance(inner, str)}


def remove_endpoints(data: Path, kept: Collection[str]) -> None:
    path = data / "endpoints.json"
    endpoints = json.loads(path.read_text())
    for partition in endpoints["partitions"]:
        partition["services"] = {name: value for name, value in partition["services"].items() if name in kept}
    path.write_text(json.dumps(endpoints))


def main() -> None:
    data, services = Path(sys.argv[1]), sys.argv[2:]
    remove_services(data, services)
    remove_endpoints(data, remove_documentation(data))


if __name__ == "__main__":
    main()
