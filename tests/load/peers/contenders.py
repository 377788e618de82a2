"""The three systems that are compared: two servers of .local/venv-peers, and this system on the local stack."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import httpx

from local.cli import client_secrets, services
from local.cli.paths import LOGS, PROJECT, STATE
from local.cli.process_records import read_record
from tests.cost.alternatives import BEHIND_BALANCER, BLOCKED_LAMBDA, dollars_for_thousand
from tests.cost.recording import stop_executions
from tests.load.item_size import item_bytes
from tests.load.process_usage import children, resident_bytes
from tests.support.built_functions import MODULES, deployed
from tests.support.lambda_context import FakeLambdaContext
from tests.support.system import System
from tests.support.waiting import free_port

_PYTHON: Final = STATE / "venv-peers" / "bin" / "python"
_CARD: Final = "/.well-known/agent-card.json"
_THOUSANDS_A_MONTH: Final = 10
_FUNCTION: Final = "AgentFunction"


class Contender(Protocol):
    """`url` is where its HTTP+JSON interface is while it runs. `dollars` is the cost of 1,000 verifications."""

    name: str
    url: str
    dollars: str

    def start(self) -> None: ...

    def stop(self) -> None:
        """Leaves no request behind that it would still poll."""

    def start_seconds(self) -> float:
        """From the start of a process to the first card."""
        ...

    def memory(self, pending: int) -> tuple[int, str]:
        """Bytes of the processes that serve, and what else holds so many pending approvals."""
        ...

    def kill(self) -> None:
        """Kills its processes as a crash would, and starts it again."""


@dataclass
class PeerServer:
    """A process that runs the module `script` of tests/load/peers."""

    name: str
    script: str
    system: System
    url: str = ""
    dollars: str = (
        f"{dollars_for_thousand(BEHIND_BALANCER, _THOUSANDS_A_MONTH):.2f} as a container, "
        f"{dollars_for_thousand(BLOCKED_LAMBDA, _THOUSANDS_A_MONTH):.2f} as a blocked Lambda"
    )
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}/v1"
        self._spawn()

    def stop(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def start_seconds(self) -> float:
        began = time.perf_counter()
        self.start()
        seconds = time.perf_counter() - began
        self.stop()
        return seconds

    def memory(self, pending: int) -> tuple[int, str]:
        assert self._process is not None
        return resident_bytes([self._process.pid]), ""

    def kill(self) -> None:
        self.stop()
        self._spawn()

    def _spawn(self) -> None:
        command = [str(_PYTHON), "-m", f"tests.load.peers.{self.script}", json.dumps(self._tenant())]
        with (LOGS / f"{self.script}.log").open("wb") as log:
            self._process = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT)
        with httpx.Client(trust_env=False) as http:
            while not _serves_card(http, self._port):
                time.sleep(0.01)

    def _tenant(self) -> dict[str, Any]:
        clients, stack = client_secrets.stand_in_clients(), self.system.stack
        return {
            "port": self._port,
            "issuer": stack["issuer"],
            "agent_audience": stack["agent_audience"],
            "hr_audience": stack["hr_api_audience"],
            "hr_agent": clients[client_secrets.HR_AGENT],
            "directory": clients[client_secrets.DIRECTORY],
        }


@dataclass
class LocalStack:
    """This system. Its functions are processes of the emulator, which starts them when they are called."""

    name: str
    system: System
    dollars: str = "counted by make cost"
    url: str = field(init=False)

    def __post_init__(self) -> None:
        self.url = f"{self.system.stack['agent_url']}/v1"

    def start(self) -> None:
        self._bytes_before = self._table_bytes()

    def stop(self) -> None:
        stop_executions(self.system)

    def start_seconds(self) -> float:
        """A cold start of the agent without Lambda's own part: a fresh interpreter with what `sam build` made."""
        began = time.perf_counter()
        subprocess.run(self._cold_start(), env=self._environment(), check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began

    def memory(self, pending: int) -> tuple[int, str]:
        emulator = resident_bytes([self._emulator]) / 2**20
        each = (self._table_bytes() - self._bytes_before) / pending / 1_000
        functions = self._functions
        elsewhere = f"{each:.1f} kB each in the table; emulator {emulator:.0f} MiB; {len(functions)} processes"
        return resident_bytes(functions), elsewhere

    def kill(self) -> None:
        for pid in self._functions:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    @property
    def _emulator(self) -> int:
        record = read_record(services.EMULATOR)
        assert record is not None
        return int(record["pid"])

    @property
    def _functions(self) -> list[int]:
        return children(self._emulator)

    def _table_bytes(self) -> int:
        pages = self.system.aws("dynamodb").get_paginator("scan").paginate(TableName=self.system.stack["tasks_table"])
        return sum(item_bytes(item) for page in pages for item in page["Items"])

    def _cold_start(self) -> list[str]:
        unit = deployed(PROJECT / ".aws-sam" / "build", _FUNCTION)
        event = json.loads((PROJECT / "events" / "agent-card.json").read_text())
        program = (
            f"import sys, types\nsys.path[:0] = {list(map(str, unit.folders))!r}\n"
            f"from {MODULES[_FUNCTION]} import handler\n"
            f"context = types.SimpleNamespace(**{vars(FakeLambdaContext())!r})\n"
            f"assert handler({event!r}, context)['statusCode'] == 200"
        )
        return [sys.executable, "-I", "-S", "-c", program]

    def _environment(self) -> dict[str, str]:
        functions = self.system.aws("lambda").list_functions()["Functions"]
        [agent] = [each for each in functions if _FUNCTION in each["FunctionName"]]
        variables: dict[str, str] = agent["Environment"]["Variables"]
        credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}
        return {**variables, **credentials, "AWS_DEFAULT_REGION": "us-east-1"}


def _serves_card(http: httpx.Client, port: int) -> bool:
    try:
        return http.get(f"http://127.0.0.1:{port}{_CARD}").is_success
    except httpx.ConnectError:
        return False
