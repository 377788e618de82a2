"""Checks template.yaml against checkov's rules of security, for `make lint`.

python -m lint.template_security            exit 1, naming each resource that breaks a rule

Where a resource breaks a rule for a reason, template.yaml says so beside it, as checkov documents it: `Metadata`,
`checkov`, `skip`, with the rule's `id` and the reason as `comment`. An exception that nothing needs is an error too.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from lint.cloudformation_yaml import Node, read_template

PROJECT: Final = Path(__file__).parent.parent
CHECKOV: Final = PROJECT / ".local/venv-checkov/bin/checkov"
# No network; no source lines; exit 0 if rules are broken.
_OPTIONS: Final = ("--skip-download", "--compact", "--soft-fail", "--output", "json")


class Violation(NamedTuple):
    """A rule of checkov that a resource breaks."""

    resource: str
    rule: str


def exceptions(template: Node) -> set[Violation]:
    """The violations that the template declares. Raises KeyError for one without a reason."""
    return {
        Violation(name, entry["id"])
        for name, resource in template["Resources"].items()
        for entry in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
        if entry["comment"]
    }


def without_conditions(template: Node) -> Node:
    """The template without its exceptions, and with the statements of all roles under any condition.

    checkov reads neither a policy in which a statement is conditional, nor the anchors and merge keys of our YAML.
    """
    resources = {
        name: {key: _unconditional(value) for key, value in resource.items() if key != "Metadata"}
        for name, resource in template["Resources"].items()
    }
    return {**template, "Resources": resources}


def _unconditional(node: Node) -> Node:
    if isinstance(node, list):
        return [_unconditional(item) for item in node]
    if not isinstance(node, dict):
        return node
    unconditional = {key: _unconditional(value) for key, value in node.items()}
    if isinstance(statements := unconditional.get("Statement"), list):
        unconditional["Statement"] = [branch for statement in statements for branch in _branches(statement)]
    return unconditional


def _branches(statement: Node) -> list[Node]:
    branches = statement["Fn::If"][1:] if "Fn::If" in statement else [statement]
    return [branch for branch in branches if branch != {"Ref": "AWS::NoValue"}]


def violations(template: Node) -> dict[Violation, str]:
    """What checkov finds, with the name of each rule. Uses no network. Raises CalledProcessError if checkov fails."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "template.json")
        path.write_text(json.dumps(without_conditions(template)))
        command = [str(CHECKOV), "--file", str(path), "--framework", "cloudformation", *_OPTIONS]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    report = json.loads(done.stdout)
    if report["summary"]["parsing_errors"] or not report["summary"]["passed"]:
        raise subprocess.CalledProcessError(1, command, done.stdout, done.stderr)
    failed = report["results"]["failed_checks"]
    return {Violation(f["resource"].rpartition(".")[2], f["check_id"]): f["check_name"] for f in failed}


def complaints(found: dict[Violation, str], declared: set[Violation]) -> Iterator[str]:
    """A line for each violation without an exception, and for each exception without a violation."""
    for violation in sorted(found.keys() - declared):
        yield f"template.yaml: {violation.resource}: {violation.rule}: {found[violation]}"
    for violation in sorted(declared - found.keys()):
        yield f"template.yaml: {violation.resource}: the exception {violation.rule} is not needed any more"


def main() -> int:
    template = read_template(PROJECT / "template.yaml")
    try:
        found = violations(template)
    except subprocess.CalledProcessError as failed:
        sys.stderr.write(f"checkov failed:\n{failed.stdout}{failed.stderr}\n")
        return 1
    lines = list(complaints(found, exceptions(template)))
    sys.stderr.writelines(f"{line}\n" for line in lines)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
