"""Dollars for 1,000 verifications, by item, from counted calls of the running local stack.

python -m tests.cost [--markdown]        (make cost)
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Final

import httpx

from local.cli.paths import STACK
from local.cli.settings import read_settings
from tests.cost import monthly, tables
from tests.cost.callers import STYLES, verify, webhook
from tests.cost.prices import checked_until
from tests.cost.recording import Recording, recorded
from tests.support.stack_template import read_stack
from tests.support.system import PATIENCE_SECONDS, System

# The identity provider is polled after 7, 12, 17, 22 and 27 s: five times, which is also the mean (docs/capacity.md).
ANSWER_SECONDS: Final = 24.0
_MONTHLY_NOTE: Final = (
    "Not included: metrics of each further caller, detailed metrics of the APIs' routes, stored data, a\ndomain, Auth0."
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--markdown", action="store_true", help="print the first table for docs/costs.md")
    asked = options.parse_args()
    if read_settings().uses_auth0:
        sys.exit(".env names a real Auth0 tenant: this would send pushes to real people.")
    with httpx.Client(timeout=PATIENCE_SECONDS, trust_env=False) as http:
        found = measure(System(json.loads(STACK.read_text()), http))
    used = {name: recording.units for name, recording in found.items()}
    print(*(tables.in_markdown(used) if asked.markdown else tables.for_terminal(used)), sep="\n")
    metrics = {metric for recording in found.values() for metric in recording.metrics}
    print(f"\nA month, whatever is asked{'dollars':>21}")
    print(*tables.monthly(monthly.of_template(read_stack().template) | {"metric_month": len(metrics)}), sep="\n")
    print(_MONTHLY_NOTE)


def measure(system: System) -> dict[str, Recording]:
    """One recorded verification for each kind of caller. Prints what it does, since it takes some minutes."""
    print("Warming the functions: one verification with a webhook …", file=sys.stderr)
    verify(system, webhook, 0)
    found = {}
    for name, ask in STYLES.items():
        print(f"Recording a verification: {name} …", file=sys.stderr)
        with recorded(system) as found[name]:
            verify(system, ask, ANSWER_SECONDS)
    print(
        f"Units of one verification, and dollars for 1,000. us-east-1, list prices of {checked_until()},\n"
        f"without free tier. The employee approves {ANSWER_SECONDS:.0f} s after the push: five polls.\n"
    )
    return found


if __name__ == "__main__":
    main()
