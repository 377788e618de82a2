"""What clients hear of a task, by stream or by webhook, in either version of the protocol."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from tests.support.system import Json

# What an approved question goes through, in 0.3's words.
CHANGES: Final = ["submitted", "working", "auth-required", "working", "completed"]
# A2A 3.2.3: a StreamResponse holds one of these. In 0.3 the event stands there itself.
_FORMS: Final = ("task", "statusUpdate", "artifactUpdate")


def inner(event: Json) -> Json:
    """The task or the update itself."""
    held: Json = next((event[form] for form in _FORMS if form in event), event)
    return held


def states(events: list[Json]) -> list[str]:
    """The states they tell, in 0.3's words, each once for as long as it lasts."""
    told = [inner(event)["status"]["state"] for event in events if "status" in inner(event)]
    words = [state.removeprefix("TASK_STATE_").replace("_", "-").lower() for state in told]
    return [word for word, _ in groupby(words)]


def sentences(events: list[Json]) -> set[str]:
    """What the artifacts say, of updates and of whole tasks."""
    held = [inner(event) for event in events]
    artifacts = [artifact for one in held for artifact in one.get("artifacts", [one.get("artifact", {})])]
    return {part["text"] for artifact in artifacts for part in artifact.get("parts", []) if "text" in part}
