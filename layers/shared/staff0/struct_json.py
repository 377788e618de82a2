"""The order of the members in the JSON of a protobuf Struct: `confirmed` first, the others by name.

A Struct is a hash map, and json_format (protobuf 7.36.2) writes its members in an order that differs from process to
process. It has no option for the order.
"""

from typing import Any, Final

from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct

# A person or a model that reads the data of a result from its start meets the whole answer before its parts.
_FIRST: Final = "confirmed"


def write_confirmed_first() -> None:
    """Sets the order for all JSON that this process writes. A second call changes nothing."""
    json_format._Printer._StructMessageToJsonObject = _members  # type: ignore[attr-defined]  # noqa: SLF001


def _members(printer: Any, struct: Struct) -> dict[str, object]:  # noqa: ANN401 - a private class of protobuf
    names = sorted(struct.fields, key=lambda name: (name != _FIRST, name))
    return {name: printer._ValueMessageToJsonObject(struct.fields[name]) for name in names}  # noqa: SLF001
