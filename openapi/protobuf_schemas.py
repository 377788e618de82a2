"""JSON Schemas of A2A's messages, from the protobuf descriptors of the SDK (ProtoJSON)."""

from __future__ import annotations

from typing import Any, Final

from google.api.field_behavior_pb2 import REQUIRED, field_behavior  # type: ignore[import-untyped]
from google.protobuf.descriptor import Descriptor, FieldDescriptor

type Schema = dict[str, Any]
type Schemas = dict[str, Schema]

_SCALARS: Final[dict[int, Schema]] = {
    FieldDescriptor.TYPE_STRING: {"type": "string"},
    FieldDescriptor.TYPE_BYTES: {"type": "string", "contentEncoding": "base64"},
    FieldDescriptor.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.TYPE_INT32: {"type": "integer", "format": "int32"},
}
_WELL_KNOWN: Final[dict[str, Schema]] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.Struct": {"type": "object"},
    "google.protobuf.Value": {},
}


def reference(message: Descriptor, schemas: Schemas) -> Schema:
    """A reference to the message's schema. Adds that schema and those of its fields to `schemas`.

    Raises KeyError for a type of field that no A2A message has had so far.
    """
    if message.full_name in _WELL_KNOWN:
        return _WELL_KNOWN[message.full_name]
    if message.name not in schemas:
        schemas[message.name] = {}  # messages refer to each other
        schemas[message.name] = _object(message, schemas)
    return {"$ref": f"#/components/schemas/{message.name}"}


def field_schema(field: FieldDescriptor, schemas: Schemas) -> Schema:
    if field.message_type and field.message_type.GetOptions().map_entry:
        return {"type": "object", "additionalProperties": _item(field.message_type.fields_by_name["value"], schemas)}
    return {"type": "array", "items": _item(field, schemas)} if field.is_repeated else _item(field, schemas)


def is_required(field: FieldDescriptor) -> bool:
    return REQUIRED in field.GetOptions().Extensions[field_behavior]


def _item(field: FieldDescriptor, schemas: Schemas) -> Schema:
    if field.enum_type:
        return {"type": "string", "enum": [value.name for value in field.enum_type.values]}
    return reference(field.message_type, schemas) if field.message_type else _SCALARS[field.type]


def _object(message: Descriptor, schemas: Schemas) -> Schema:
    schema: Schema = {
        "type": "object",
        "properties": {field.json_name: field_schema(field, schemas) for field in message.fields},
    }
    if required := [field.json_name for field in message.fields if is_required(field)]:
        schema["required"] = required
    # protobuf implements an optional field as a oneof whose name starts with an underscore.
    choices = [oneof for oneof in message.oneofs if not oneof.name.startswith("_")]
    if choices:
        schema["allOf"] = [{"oneOf": [{"required": [field.json_name]} for field in o.fields]} for o in choices]
    return schema
