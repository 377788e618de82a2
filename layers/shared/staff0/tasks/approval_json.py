"""Reads and writes the JSON of an approval in its item (docs/adr/0031 says why its form must not change).

A field without a value is left out, and so is `version`, which is an attribute of its own. Times are ISO 8601 with
their offset. Ciphertexts are base64 with the URL-safe alphabet.
"""

from __future__ import annotations

import base64
from typing import Any, Final

import msgspec

from staff0.tasks.models import CIPHERTEXTS, Approval

_STANDARD_ALPHABET: Final = str.maketrans("-_", "+/")  # the only one that msgspec reads


def write_approval(approval: Approval) -> str:
    fields = _fields_of(approval) | {"question": _fields_of(approval.question)}
    del fields["version"]
    for name in CIPHERTEXTS & fields.keys():
        fields[name] = base64.urlsafe_b64encode(fields[name]).decode()
    return msgspec.json.encode(fields).decode()


def parse_approval(data: str, version: int) -> Approval:
    """Passes over unknown fields. Raises ValueError, or RecursionError for JSON that is nested too deeply.

    No error quotes the data.
    """
    fields = msgspec.json.decode(data, type=dict[str, Any]) | {"version": version}
    for name in CIPHERTEXTS & fields.keys():
        if isinstance(fields[name], str):
            fields[name] = fields[name].translate(_STANDARD_ALPHABET)
    return msgspec.convert(fields, Approval)


def _fields_of(record: msgspec.Struct) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(record).items() if value is not None}
