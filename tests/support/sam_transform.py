"""Turns a SAM template into a CloudFormation template, as CloudFormation does at a deployment.

`transformed` runs this file as a program in the environment of SAM, where AWS's own transform is installed.
"""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

type Node = Any  # CloudFormation is JSON of any shape

SAM_PYTHON = Path(__file__).parents[2] / ".local" / "venv-sam" / "bin" / "python"


def transformed(template: dict[str, Node], **parameters: str) -> dict[str, Node]:
    """The resources with the parameters' values, by logical id. Folders of code become S3 addresses of that name."""
    template = copy.deepcopy(template)
    for resource in template["Resources"].values():
        properties = resource["Properties"]
        for name in {"CodeUri", "ContentUri", "DefinitionUri"} & properties.keys():
            properties[name] = f"s3://bucket/{properties[name]}"
    done = subprocess.run(
        [str(SAM_PYTHON), __file__],
        input=json.dumps([template, parameters]),
        env={**os.environ, "AWS_DEFAULT_REGION": "us-east-1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    resources: dict[str, Node] = json.loads(done.stdout)["Resources"]
    return resources


def main() -> None:
    from samtranslator.translator.transform import transform  # type: ignore[import-not-found]

    template, parameters = json.load(sys.stdin)
    json.dump(transform(template, parameters, SimpleNamespace(load=dict)), sys.stdout)


if __name__ == "__main__":
    main()
