"""The functions in one process without the emulator: moto answers for AWS, and a loop runs the state machine.

python -m tests.load.without_emulator PORT        (tests/load/scale.py starts it beside the running stack)

The code of the functions, their settings and the stand-in identity provider are those of the running stack. Tables and
keys are empty copies of its own. One thread runs the agent and the HR API, another one the functions of the workflow.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final
from unittest import mock

import boto3
import uvicorn
from botocore.endpoint import Endpoint
from moto import mock_aws
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from local.cli.paths import STACK
from tests.faults.state_machine import Execution
from tests.support.dummy_credentials import DUMMY_CREDENTIALS, REGION
from tests.support.lambda_context import FakeLambdaContext
from tests.support.moto_differences import take_digests
from tests.support.quick_moto import quick_moto

_WORKFLOW: Final = ("request_approval", "poll_approval", "read_employment", "fail_task")
_KEEP_ALIVE_SECONDS: Final = 120
_PUT_ITEM: Final = "DynamoDB_20120810.PutItem"
_PARTS_OF_A_TABLE: Final = ("TableName", "AttributeDefinitions", "KeySchema")
_INDEXES: Final = ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")

type Json = dict[str, Any]


@dataclass
class Pause:
    """The clock of an execution: collects the seconds that it has to wait."""

    seconds: float = 0.0

    def advance(self, seconds: float) -> None:
        self.seconds += seconds

    def take(self) -> float:
        taken, self.seconds = self.seconds, 0.0
        return taken


@dataclass
class WorkflowLoop:
    """Stands in for the client of Step Functions: runs each execution as a task of the event loop."""

    functions: dict[str, Any] = field(default_factory=dict)
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def start_execution(self, *, name: str, input: str, **_: str) -> None:  # noqa: A002 - the name in the AWS SDK
        self._running[name] = asyncio.get_running_loop().create_task(self._run(json.loads(input)))

    def stop_execution(self, *, executionArn: str, **_: str) -> None:  # noqa: N803 - the name in the AWS SDK
        self._running[executionArn.rpartition(":")[2]].cancel()

    async def _run(self, data: Json) -> None:
        pause = Pause()
        execution = Execution(self.functions, pause, data)
        while not execution.is_over:
            await asyncio.get_running_loop().run_in_executor(self._thread, execution.step)
            await asyncio.sleep(pause.take())


class Stack:
    """What the running stack consists of, read through the emulator."""

    def __init__(self, stack: Json) -> None:
        self.stack = stack
        found = self._client("lambda").list_functions()["Functions"]
        self.environment = {k: v for each in found for k, v in each["Environment"]["Variables"].items()}
        names = sorted({v for k, v in self.environment.items() if k.endswith("_TABLE")})
        self.tables = [self._client("dynamodb").describe_table(TableName=name)["Table"] for name in names]
        callers = self.environment["CALLERS_TABLE"]
        self.callers = self._client("dynamodb").scan(TableName=callers)["Items"]
        self.keys = {name: self._key(value) for name, value in self._named("_KEY_ID")}
        self.secrets = {name: self._secret(value) for name, value in self._named("_SECRET_ID")}

    def _named(self, end: str) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.environment.items() if name.endswith(end) and value]

    def _key(self, key_id: str) -> Json:
        key = self._client("kms").describe_key(KeyId=key_id)["KeyMetadata"]
        return {"KeySpec": key["KeySpec"], "KeyUsage": key["KeyUsage"]}

    def _secret(self, secret_id: str) -> str:
        return str(self._client("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"])

    def _client(self, service: str) -> Any:
        session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
        return session.client(service, endpoint_url=self.stack["aws_endpoint_url"])  # type: ignore[call-overload]


def create_resources(source: Stack) -> dict[str, str]:
    """Creates the tables, keys and secrets in moto. Returns the functions' settings, which name them."""
    session = boto3.Session(region_name=REGION)
    dynamodb: Any = session.client("dynamodb")
    kms, secrets = session.client("kms"), session.client("secretsmanager")
    for table in source.tables:
        indexes = {
            kind: [{part: index[part] for part in ("IndexName", "KeySchema", "Projection")} for index in table[kind]]
            for kind in _INDEXES
            if table.get(kind)
        }
        parts = {part: table[part] for part in _PARTS_OF_A_TABLE}
        dynamodb.create_table(**parts, **indexes, BillingMode="PAY_PER_REQUEST")
    for caller in source.callers:
        dynamodb.put_item(TableName=source.environment["CALLERS_TABLE"], Item=caller)
    keys = {name: kms.create_key(**key)["KeyMetadata"]["Arn"] for name, key in source.keys.items()}
    held = {name: secrets.create_secret(Name=name, SecretString=value)["ARN"] for name, value in source.secrets.items()}
    return {**source.environment, **keys, **held}


def application(loop: WorkflowLoop) -> Starlette:
    """The agent, the HR API, and DynamoDB's PutItem, by which tests/support/system.py hires employees."""
    aws_clients = import_module("staff0.aws_clients")
    aws_clients.step_functions = lambda: loop  # type: ignore[attr-defined]
    take_digests(aws_clients.kms())

    async def put_item(request: Request) -> Response:
        assert request.headers["x-amz-target"] == _PUT_ITEM
        aws_clients.dynamodb().put_item(**await request.json())
        return JSONResponse({}, media_type="application/x-amz-json-1.0")

    agent, hr_api = import_module("hr_agent.app").app, import_module("hr_api.app").app
    loop.functions = {"".join(map(str.capitalize, name.split("_"))): _function(name) for name in _WORKFLOW}
    return Starlette(routes=[Mount("/hr", hr_api), Route("/", put_item, methods=["POST"]), Mount("/", agent)])


def _function(name: str) -> Callable[[Json], Json]:
    handler, context = import_module(f"approval.{name}").handler, FakeLambdaContext()
    return lambda event: dict(handler(event, context))


@contextmanager
def _one_call_at_a_time() -> Iterator[None]:
    """moto is not safe for threads."""
    lock, call = threading.RLock(), Endpoint.make_request

    def make_request(*arguments: Any) -> Any:
        with lock:
            return call(*arguments)

    with mock.patch.object(Endpoint, "make_request", make_request):
        yield


def main(port: int) -> None:
    source = Stack(json.loads(STACK.read_text()))
    url = f"http://127.0.0.1:{port}"
    with mock_aws(), quick_moto(), _one_call_at_a_time(), mock.patch.dict(os.environ, DUMMY_CREDENTIALS):
        settings = create_resources(source)
        settings |= {"AGENT_BASE_URL": url, "HR_API_BASE_URL": f"{url}/hr", "AWS_ENDPOINT_URL": ""}
        os.environ.update({name: value for name, value in settings.items() if value})
        os.environ.pop("AWS_ENDPOINT_URL", None)
        # Callers look every few seconds. A connection that ends at the same moment would end their request.
        uvicorn.run(application(WorkflowLoop()), port=port, log_level="warning", timeout_keep_alive=_KEEP_ALIVE_SECONDS)


if __name__ == "__main__":
    main(int(sys.argv[1]))
