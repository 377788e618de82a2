"""The tasks of two callers with the same context id, listed page by page."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.support.system import Caller, Json, System

EACH = 50
BINDINGS = ["JSONRPC", "HTTP+JSON"]


@pytest.fixture(scope="module")
def context() -> str:
    return f"list-{uuid.uuid4()}"


@pytest.fixture(scope="module")
def tasks(system: System, context: str) -> dict[str, set[str]]:
    """Task ids of each caller. Both use the same context id, which callers choose themselves."""

    def open_one(caller: Caller) -> str:
        return str(caller.send(caller.message("Does John Doe work at Staff0?", contextId=context))["id"])

    callers = {name: system.caller(name) for name in ("acme", "globex")}
    with ThreadPoolExecutor(8) as pool:
        return {name: set(pool.map(open_one, [caller] * EACH)) for name, caller in callers.items()}


def listed(caller: Caller, binding: str, query: Json) -> Json:
    if binding == "JSONRPC":
        result: Json = caller.rpc("ListTasks", query)["result"]
        return result
    url = f"{caller.system.stack['agent_url']}/v1/tasks"
    answer = caller.system.http.get(url, params=httpx.QueryParams(query), headers=caller.headers)
    page: Json = answer.raise_for_status().json()
    return page


def pages(caller: Caller, binding: str, query: Json) -> Iterator[Json]:
    token = ""
    while True:
        page = listed(caller, binding, {**query, "pageToken": token} if token else query)
        yield page
        token = page["nextPageToken"]
        if not token:
            return


@pytest.mark.parametrize("binding", BINDINGS)
@pytest.mark.parametrize("name", ["acme", "globex"])
def test_pages_hold_all_tasks_of_the_caller_and_no_others(
    system: System, tasks: dict[str, set[str]], context: str, name: str, binding: str
) -> None:
    found = list(pages(system.caller(name), binding, {"contextId": context, "pageSize": 17}))
    ids = [task["id"] for page in found for task in page["tasks"]]
    assert len(ids) == EACH
    assert set(ids) == tasks[name]
    assert {page["totalSize"] for page in found} == {EACH}
    times = [task["status"]["timestamp"] for page in found for task in page["tasks"]]
    assert times == sorted(times, reverse=True)


@pytest.mark.usefixtures("tasks")
def test_filters_work_the_same_in_both_bindings(system: System, context: str) -> None:
    caller = system.caller()
    query = {"contextId": context, "pageSize": 3, "historyLength": 0, "status": "TASK_STATE_INPUT_REQUIRED"}
    over_rpc, over_http = (listed(caller, binding, query) for binding in BINDINGS)
    assert over_rpc == over_http
    assert over_rpc["totalSize"] == EACH
    assert not any(task.get("history") or "artifacts" in task for task in over_rpc["tasks"])
    assert listed(caller, "JSONRPC", {**query, "status": "TASK_STATE_COMPLETED"})["tasks"] == []
