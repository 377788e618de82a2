"""What starting each function costs beside its floor: the least that a program without code of ours would need.

python -m tests.load.start_up                     after `make build`
python -m tests.load.start_up --beside BUILD ...  measures these builds of other versions too (their .aws-sam/build)

CPU of the whole process in fresh interpreters, without the interpreter's own start, and its largest memory. Each round
runs all programs once, those that are compared one after the other.
"""

from __future__ import annotations

import argparse
import compileall
import importlib.util
import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.load.bench_rows import Row, write_rows
from tests.support.built_functions import PROJECT, Deployed, deployed, run

BUILD: Final = PROJECT / ".aws-sam" / "build"
HERE: Final = Path(__file__).parent
ROUNDS: Final = 9
FLOOR_BUDGET: Final = 1.5
NAIVE_BUDGET: Final = 0.65
EAGER_BUDGET: Final = 0.7
# What Lambda's own Python brings, with all of its data: a program that does not trim it loads this.
BOTO3: Final = ("boto3", "botocore", "s3transfer")

_MEASURE: Final = """
import resource, sys, time
begin = time.process_time()
{program}
print(time.process_time() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@dataclass(frozen=True)
class Comparison:
    """The start of one function, up to what its first call needs, beside other programs (file name → budget)."""

    logical_id: str
    start: str
    others: dict[str, float]


COMPARISONS: Final = (
    Comparison("AgentFunction", "import hr_agent.app", {"agent_floor": FLOOR_BUDGET, "naive_agent": NAIVE_BUDGET}),
    Comparison("HrApiFunction", "import hr_api.app", {"eager_hr_api": EAGER_BUDGET}),
    Comparison("EmployeePageFunction", "import employee_page.app", {"page_floor": FLOOR_BUDGET}),
    Comparison(
        "RequestApprovalFunction",
        "from approval import request_approval as step, wiring\n"
        "step._request_approval(step._settings()); wiring.aws_clients.kms()",
        {"approval_floor": FLOOR_BUDGET},
    ),
    Comparison(
        "PollApprovalFunction",
        "from approval import poll_approval as step, wiring\n"
        "step._poll_approval(step._settings()); wiring.aws_clients.kms()",
        {"approval_floor": FLOOR_BUDGET},
    ),
    Comparison(
        "ReadEmploymentFunction",
        "from approval import read_employment as step, wiring\n"
        "step._read_employment(step._settings()); wiring.aws_clients.kms()",
        {"approval_floor": FLOOR_BUDGET},
    ),
    Comparison(
        "FailTaskFunction",
        "from approval import fail_task as step, wiring\nwiring.store(step._settings())",
        {"fail_task_floor": FLOOR_BUDGET},
    ),
    Comparison("FanOutFunction", "from notifier import fan_out\nfan_out._fan_out()", {"fan_out_floor": FLOOR_BUDGET}),
    Comparison(
        "DeliverFunction",
        "from notifier import deliver, wiring\ndeliver._message_handler(); wiring.aws_clients.kms()",
        {"deliver_floor": FLOOR_BUDGET},
    ),
)


@dataclass(frozen=True)
class Cost:
    """Milliseconds of CPU, and MB at most."""

    milliseconds: float
    megabytes: float


def measure(unit: Deployed, program: str, folder: Path, *before: Path) -> Cost:
    paths = "".join(f"sys.path.insert(0, {str(path)!r})\n" for path in before)
    seconds, largest = map(float, run(unit, paths + _MEASURE.format(program=program), folder).split())
    unit_bytes = 1 if sys.platform == "darwin" else 1024  # getrusage(2) of each system
    return Cost(seconds * 1_000, largest * unit_bytes / 1e6)


def untrimmed_boto3(folder: Path) -> Path:
    """A copy of boto3 and botocore as installed, with bytecode."""
    for package in BOTO3:
        found = importlib.util.find_spec(package)
        assert found is not None
        assert found.origin is not None
        shutil.copytree(Path(found.origin).parent, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(folder, quiet=1)
    return folder


@dataclass(frozen=True)
class Bench:
    """`folder` is where the programs run; `boto3` goes before the layer for the naive program.

    `builds` are those of other versions.
    """

    folder: Path
    boto3: Path
    builds: tuple[Path, ...] = ()

    def round(self, comparison: Comparison) -> dict[str, Cost]:
        """The costs of the function and of the other programs, by name."""
        unit = deployed(BUILD, comparison.logical_id)
        costs = {comparison.logical_id: measure(unit, comparison.start, self.folder)}
        for build in self.builds:
            if (build / comparison.logical_id).exists():
                other = deployed(build, comparison.logical_id)
                costs[str(build)] = measure(other, comparison.start, self.folder)
        for name in comparison.others:
            before = (self.boto3,) if name == "naive_agent" else ()
            costs[name] = measure(unit, (HERE / f"{name}.py").read_text(), self.folder, *before)
        return costs


def rows(comparison: Comparison, rounds: list[dict[str, Cost]]) -> list[Row]:
    return [
        Row(
            f"start of {comparison.logical_id} / {name}",
            tuple(each[comparison.logical_id].milliseconds for each in rounds),
            tuple(each[name].milliseconds for each in rounds),
            budget,
        )
        for name, budget in comparison.others.items()
    ]


def table(rounds: list[dict[str, Cost]]) -> None:
    for name in rounds[0]:
        times = [each[name].milliseconds for each in rounds]
        megabytes = statistics.median(each[name].megabytes for each in rounds)
        print(f"{name:26}{statistics.median(times):6.0f} ms  ({min(times):.0f} to {max(times):.0f}){megabytes:8.0f} MB")


def main() -> int:
    """Prints the tables; 1 when a budget is broken."""
    options = argparse.ArgumentParser()
    options.add_argument("--beside", type=lambda path: Path(path).absolute(), nargs="*", default=[], metavar="BUILD")
    builds = tuple(options.parse_args().beside)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        bench = Bench(folder, untrimmed_boto3(folder / "boto3"), builds)
        rounds = [[bench.round(comparison) for comparison in COMPARISONS] for _ in range(ROUNDS)]
    found: list[Row] = []
    for comparison, costs in zip(COMPARISONS, zip(*rounds, strict=True), strict=True):
        table(list(costs))
        found += rows(comparison, list(costs))
    print(*found, sep="\n")
    write_rows("start_up", found)
    return 0 if all(row.is_within_budget for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
