"""Processes of the emulator after an update of the stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.emulator.deleted_versions import with_ended_processes

if TYPE_CHECKING:
    from collections.abc import Callable

ARN = "arn:aws:lambda:us-east-1:000000000000:function:agent:7"


def test_processes_of_a_deleted_version_end_after_its_calls() -> None:
    """Each process takes 80 MB. A call under way must end first: it may hold an employee's only approval."""
    deleted: list[tuple[str, dict[str, Any]]] = []
    ended: list[tuple[str, str]] = []
    waiting: list[Callable[[], None]] = []

    delete = with_ended_processes(lambda *of: deleted.append(of), lambda *of: ended.append(of), waiting.append)
    delete(ARN, {"FunctionName": "agent"})
    assert (deleted, ended) == ([(ARN, {"FunctionName": "agent"})], [])
    waiting.pop()()
    assert ended == [("agent", "7")]
