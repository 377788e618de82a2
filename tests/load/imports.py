"""What starting each function costs beyond its third-party packages, and what its bytecode saves.

python -m tests.load.imports        after `make build`
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.load.bench_rows import Row, write_rows
from tests.support.built_functions import MODULES, OURS, PROJECT, Deployed, deployed, run

BUILD = PROJECT / ".aws-sam" / "build"
ROUNDS = 9
# Of our modules and the AWS client that an API makes at its start. tests.load.start_up limits the whole by floors.
OWN_COST_BUDGET = 1.40
BYTECODE_BUDGET = 1.8


@dataclass(frozen=True)
class Cost:
    """Milliseconds of CPU in fresh interpreters, without the interpreter's own start, round by round.

    Ratios are compared within a round, since a busy machine slows all three of it.
    """

    logical_id: str
    third_party: tuple[float, ...]
    handler: tuple[float, ...]
    without_bytecode: tuple[float, ...]

    @property
    def own(self) -> Row:
        return Row(f"import of {self.logical_id} / its packages", self.handler, self.third_party, OWN_COST_BUDGET)

    @property
    def bytecode(self) -> Row:
        name = f"import of {self.logical_id} without bytecode / with"
        return Row(name, self.without_bytecode, self.handler, BYTECODE_BUDGET, at_least=True)

    @property
    def is_within_budget(self) -> bool:
        return self.own.is_within_budget and self.bytecode.is_within_budget


def third_party(unit: Deployed, module: str, folder: Path) -> list[str]:
    """Third-party modules that the import of the handler loads, in order."""
    program = (
        f"import {module}\n"
        f"for name, loaded in sys.modules.items():\n"
        f"  if (getattr(loaded, '__file__', None) or '').startswith({tuple(map(str, unit.folders))!r}): print(name)"
    )
    return [name for name in run(unit, program, folder).split() if name.partition(".")[0] not in OURS]


def milliseconds(unit: Deployed, module: str, needed: list[str], folder: Path) -> tuple[float, float]:
    """The import of the packages, and that of the packages and the handler, in one process and so at one speed."""
    program = (
        f"import importlib, time\nbegin = time.process_time()\n"
        f"for name in {needed!r}: importlib.import_module(name)\n"
        f"packages = time.process_time()\nimport {module}\n"
        f"print((packages - begin) * 1000, (time.process_time() - begin) * 1000)"
    )
    packages, handler = map(float, run(unit, program, folder).split())
    return packages, handler


def without_bytecode(unit: Deployed, folder: Path) -> Deployed:
    """A copy of the function and of the layer, as `sam build` would ship them by itself."""
    bare = Deployed(folder / unit.function.name, folder / "layer")
    for source, target in zip(unit.folders, bare.folders, strict=True):
        if not target.exists():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    return bare


def measure(logical_id: str, folder: Path) -> Cost:
    """Measures with and without bytecode in turn, so that a busy moment of the machine affects both."""
    unit, module = deployed(BUILD, logical_id), MODULES[logical_id]
    bare = without_bytecode(unit, folder)
    needed = third_party(unit, module, folder)
    rounds = [
        (*milliseconds(unit, module, needed, folder), milliseconds(bare, module, needed, folder)[1])
        for _ in range(ROUNDS)
    ]
    return Cost(logical_id, *zip(*rounds, strict=True))


def main() -> int:
    """Prints the table; 1 when a budget is broken."""
    with tempfile.TemporaryDirectory() as folder:
        costs = [measure(logical_id, Path(folder)) for logical_id in MODULES]
    print(f"{'import':26}{'handler':>9}{'packages':>10}{'ratio':>7} <= {OWN_COST_BUDGET:.2f}", end="")
    print(f"{'no bytecode':>13}{'ratio':>7} >= {BYTECODE_BUDGET:.2f}")
    for cost in costs:
        handler, packages, bare = map(statistics.median, (cost.handler, cost.third_party, cost.without_bytecode))
        print(f"{cost.logical_id:26}{handler:6.0f} ms{packages:7.0f} ms{cost.own.ratio:7.2f}", end="")
        print(f"{bare:18.0f} ms{cost.bytecode.ratio:7.2f}", end="")
        print("" if cost.is_within_budget else "   OVER BUDGET")
    write_rows("imports", (row for cost in costs for row in (cost.own, cost.bytecode)))
    return 0 if all(cost.is_within_budget for cost in costs) else 1


if __name__ == "__main__":
    sys.exit(main())
