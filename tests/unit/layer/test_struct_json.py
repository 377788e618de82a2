"""JSON of a result has `confirmed` first, in every process and in both versions of A2A."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Final

from a2a.compat.v0_3.conversions import to_compat_part
from a2a.types import Part
from google.protobuf.json_format import MessageToDict, MessageToJson
from staff0.struct_json import write_confirmed_first

ANSWER: Final[dict[str, str | bool]] = {
    "confirmed": False,
    "employee_active": True,
    "name_matches": False,
    "checked_at": "2026-01-05T09:00:07Z",
}
PRINT = "import json; from tests.unit.layer.test_struct_json import written; print(json.dumps(list(written())))"


def written() -> dict[str, object]:
    write_confirmed_first()
    part = Part()
    part.data.struct_value.update(ANSWER)
    found: dict[str, object] = json.loads(MessageToJson(Part.FromString(part.SerializeToString())))["data"]
    return found


def test_confirmed_is_first_in_every_process() -> None:
    """The order of a map of protobuf differs from process to process: one process proves nothing."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    answers = {subprocess.check_output([sys.executable, "-c", PRINT], text=True, env=environment) for _ in range(3)}
    assert answers == {'["confirmed", "checked_at", "employee_active", "name_matches"]\n'}


def test_order_of_nested_members() -> None:
    write_confirmed_first()
    names = list("qzmxkgbwtnvdcsyjrhfp")
    part = Part()
    part.data.struct_value.update({"deep": [dict.fromkeys([*names, "confirmed"], 1.0)]})
    [deep] = MessageToDict(part)["data"]["deep"]
    assert list(deep) == ["confirmed", *sorted(names)]


def test_values_stay_the_same() -> None:
    assert written() == ANSWER


def test_confirmed_is_first_in_a2a_0_3() -> None:
    write_confirmed_first()
    part = Part()
    part.data.struct_value.update(ANSWER)
    assert next(iter(to_compat_part(part).root.model_dump()["data"])) == "confirmed"
