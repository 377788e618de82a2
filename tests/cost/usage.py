"""What one verification used, in the units that AWS bills: name of the price → number.

The seconds of a function are `lambda_gb_second NAME`, so that the table can tell which function needs them.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

type Json = dict[str, Any]
type Units = dict[str, float]

# Functions that begin a trace: those of an HTTP API, of the stream and of the queue. The steps of the workflow are part
# of the execution's.
_BEGIN_TRACES: Final = ("agent", "hr-api", "fan-out", "deliver")
_APIS: Final = ("agent", "hr-api")
_REPORT: Final = re.compile(r"REPORT .*Billed Duration: (\d+) ms\tMemory Size: (\d+) MB")
_CALLS: Final = {"sqs": "sqs_request", "secretsmanager": "secrets_request"}
_BYTES_PER_GB: Final = 10**9
_ACCESS_LOG_BYTES: Final = 300  # one line in the format of template.yaml
_EVENT_BYTES: Final = 330  # fields of an event in the log of Step Functions beside its details: ARN, ids, time, type


def total(parts: Iterable[Mapping[str, float]]) -> Units:
    found: Units = {}
    for part in parts:
        for name, number in part.items():
            found[name] = found.get(name, 0) + number
    return {name: number for name, number in found.items() if number}


def of_calls(calls: Iterable[Json]) -> Units:
    """The units of calls that the emulator recorded."""
    return total(_of_call(call) for call in calls)


def of_function(service: str, log: Iterable[str]) -> Units:
    """The units of a function, from the lines of its log. `service` is its name in logs, such as `poll-approval`.

    Lambda receives each delivery from the queue and deletes it: two requests.
    """
    lines = list(log)
    reports = [(int(found[1]), int(found[2])) for found in map(_REPORT.match, lines) if found]
    runs = len(reports)
    api_requests = runs if service in _APIS else 0
    logged = sum(len(line.encode()) for line in lines) + _ACCESS_LOG_BYTES * api_requests
    return {
        "lambda_request": runs,
        f"lambda_gb_second {service}": sum(ms / 1_000 * mb / 1_024 for ms, mb in reports),
        "http_api_request": api_requests,
        "log_gigabyte": logged / _BYTES_PER_GB,
        "xray_trace": runs if service in _BEGIN_TRACES else 0,
        "sqs_request": 2 * runs if service == "deliver" else 0,
    }


def of_execution(history: Iterable[Json]) -> Units:
    """The units of an execution of the state machine, from its history. AWS bills each state and each retry."""
    events = list(history)
    types = Counter(event["type"] for event in events)
    retries = types["TaskScheduled"] - types["TaskStateEntered"]
    entered = sum(number for name, number in types.items() if name.endswith("StateEntered"))
    logged = sum(_EVENT_BYTES + len(json.dumps(_details(event))) for event in events if _is_failure(event))
    return {"step_functions_transition": entered + retries, "log_gigabyte": logged / _BYTES_PER_GB, "xray_trace": 1}


def metrics_of(log: Iterable[str]) -> set[str]:
    """The metrics, with their dimensions, that the lines of a log define."""
    entries = [json.loads(line) for line in log if line.startswith('{"_aws"')]
    return {
        " ".join([metric["Name"], *(f"{name}={entry[name]}" for name in group["Dimensions"][0])])
        for entry in entries
        for group in entry["_aws"]["CloudWatchMetrics"]
        for metric in group["Metrics"]
    }


def _of_call(call: Json) -> Units:
    if call["service"] == "kms":
        return {"kms_ecc_request" if call["algorithm"].startswith("ECDSA") else "kms_request": 1}
    if call["service"] in _CALLS:
        return {_CALLS[call["service"]]: 1}
    return {"dynamodb_write_unit": call.get("write_units", 0), "dynamodb_read_unit": call.get("read_units", 0)}


def _is_failure(event: Json) -> bool:
    """The log has failures only (Level in template.yaml)."""
    return str(event["type"]).endswith(("Failed", "TimedOut", "Aborted"))


def _details(event: Json) -> Json:
    """Without input and output, which the log leaves out (IncludeExecutionData in template.yaml)."""
    [details] = [value for key, value in event.items() if key.endswith("Details")] or [{}]
    return {key: value for key, value in details.items() if key not in {"input", "output"}}
