"""Records the AWS calls of the functions, each with what its price depends on, for `make cost`.

One line of JSON per call is appended to a file while the file exists. ministack computes write units as DynamoDB does,
but reports at most one unit for a read of any size, so read units are computed here from the items of the response.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from local.emulator.patching import wrap

type Body = dict[str, Any]
type Response = tuple[int, Body, bytes]
type Handle = Callable[[str, str, dict[str, str], bytes, Any], Awaitable[Response]]
type SizeOf = Callable[[Body], int]

# The services that the functions call by the JSON protocol, whose requests name the operation in this header.
SERVICES: Final = ("dynamodb", "kms", "secretsmanager", "sqs", "stepfunctions")
_TARGET: Final = "x-amz-target"
_DEVELOPER: Final = re.compile(r"Credential=test/")
_WRITES: Final = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}
_TRANSACTIONS: Final = {"TransactWriteItems", "TransactGetItems"}
_READ_UNIT_BYTES: Final = 4_096


@dataclass(frozen=True)
class CallLog:
    """`size_of` gives the size of an item in bytes as DynamoDB counts it."""

    file: Path
    size_of: SizeOf

    def records(self, headers: dict[str, str]) -> bool:
        """Whether a call is recorded. A developer, with the key `test`, is not billed."""
        return self.file.exists() and not _DEVELOPER.search(headers.get("authorization", ""))

    def record(self, service: str, operation: str, request: Body, response: Response) -> None:
        call = {"service": service, "operation": operation}
        with self.file.open("a") as lines:
            lines.write(json.dumps(call | billed(service, operation, request, response, self.size_of)) + "\n")


def install(services: dict[str, ModuleType], file: Path) -> None:
    """Patches the services of ministack. Raises EmulatorChangedError if ministack's source has changed."""
    log = CallLog(file, getattr(services["dynamodb"], "_item_size_bytes"))  # noqa: B009 - private there
    for name in SERVICES:
        wrap(services[name], "handle_request", f'headers.get("{_TARGET}", "")', recording(name, log))


def recording(service: str, log: CallLog) -> Callable[[Handle], Handle]:
    def wrapper(handle: Handle) -> Handle:
        async def handle_and_record(
            method: str,
            path: str,
            headers: dict[str, str],
            body: bytes,
            query: Any,  # noqa: ANN401 - passed on
        ) -> Response:
            if not log.records(headers):
                return await handle(method, path, headers, body, query)
            request: Body = json.loads(body or b"{}")
            if service == "dynamodb":
                body = json.dumps(request | {"ReturnConsumedCapacity": "INDEXES"}).encode()
            response = await handle(method, path, headers, body, query)
            log.record(service, headers[_TARGET].rpartition(".")[2], request, response)
            return response

        return handle_and_record

    return wrapper


def billed(service: str, operation: str, request: Body, response: Response, size_of: SizeOf) -> Body:
    """What the price of a call depends on: capacity units, or the algorithm of a signature."""
    if service == "kms":
        return {"algorithm": request.get("SigningAlgorithm", "")}
    if service != "dynamodb":
        return {}
    status, _, content = response
    answer: Body = json.loads(content) if status < 300 else {}
    if operation in _WRITES:
        return {"write_units": _write_units(operation, request, answer)}
    return {"read_units": _read_units(operation, request, answer, size_of)}


def _write_units(operation: str, request: Body, answer: Body) -> float:
    """With the indexes. A write whose condition fails is billed too: one unit is assumed for each of its items."""
    consumed = answer.get("ConsumedCapacity")
    if consumed is None:
        return 2.0 * len(request["TransactItems"]) if operation in _TRANSACTIONS else 1.0
    tables = consumed if isinstance(consumed, list) else [consumed]
    return float(sum(table["CapacityUnits"] for table in tables))


def _read_units(operation: str, request: Body, answer: Body, size_of: SizeOf) -> float:
    sizes = [sum(map(size_of, items)) for items in _items_read(operation, request, answer)]
    units = sum(max(1, math.ceil(size / _READ_UNIT_BYTES)) for size in sizes)
    if operation in _TRANSACTIONS:
        return 2.0 * units
    return float(units) if _is_consistent(request) else units / 2


def _items_read(operation: str, request: Body, answer: Body) -> Iterator[list[Body]]:
    """The items whose sizes are rounded up together: those of a query, or each single one."""
    match operation:
        case "Query" | "Scan":
            yield answer.get("Items", [])
        case "BatchGetItem":
            found = [item for items in answer.get("Responses", {}).values() for item in items]
            asked = sum(len(table["Keys"]) for table in request["RequestItems"].values())
            yield from ([item] for item in [*found, *[{}] * (asked - len(found))])
        case "TransactGetItems":
            yield from ([each.get("Item", {})] for each in answer.get("Responses", []))
        case _:
            yield [answer.get("Item", {})]


def _is_consistent(request: Body) -> bool:
    tables = request.get("RequestItems", {"": request}).values()
    return any(table.get("ConsistentRead", False) for table in tables)
