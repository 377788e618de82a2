"""Reads states and texts out of events from streams and webhooks, in A2A 0.3 and 1.0."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from tests.support.system import Json

# States of a task whose employee approves, as A2A 0.3 writes them.
CHANGES: Final = ["submitted", "working", "auth-required", "working", "completed"]
# A2A 3.2.3: a StreamResponse has exactly one of these fields. In 0.3 the event is not wrapped.
_FIELDS: Final = ("task", "statusUpdate", "artifactUpdate")


def payload_of(event: Json) -> Json:
    """The task or the update without the StreamResponse around it."""
    payload: Json = next((event[field] for field in _FIELDS if field in event), event)
    return payload


def states(events: list[Json]) -> list[str]:
    """States in the order of the events, as A2A 0.3 writes them, without repetitions."""
    found = [payload_of(event)["status"]["state"] for event in events if "status" in payload_of(event)]
    words = [state.removeprefix("TASK_STATE_").replace("_", "-").lower() for state in found]
    return [word for word, _ in groupby(words)]


def sentences(events: list[Json]) -> set[str]:
    """Texts of all artifacts, in updates and in tasks."""
    payloads = [payload_of(event) for event in events]
    artifacts = [
        artifact for payload in payloads for artifact in payload.get("artifacts", [payload.get("artifact", {})])
    ]
    return {part["text"] for artifact in artifacts for part in artifact.get("parts", []) if "text" in part}
