"""Validates a request's params, of which the SDK's parsers drop what they do not know, also unknown names of an enum.

a2a-sdk 1.3.0, a2a/server/routes/jsonrpc_dispatcher.py:309, a2a/server/routes/rest_dispatcher.py:183,
a2a/utils/proto_utils.py:231 and a2a/compat/v0_3/rest_handler.py:70 set protobuf's `ignore_unknown_fields`: a ListTasks
with the state "working" has no filter then, and lists all tasks. Other values that do not fit are answered with the
text of a library.

Unknown fields of a body are ignored (A2A 5.7). A name that differs from a field's in case, `_` or `-` only is not
unknown but misspelt: protobuf allows no two such fields in a message, so it cannot be one of a later version.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Final, cast

from a2a.utils.constants import VERSION_HEADER
from a2a.utils.errors import InvalidParamsError
from a2a.utils.proto_utils import parse_params as parse_query
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.message import Message
from starlette.datastructures import QueryParams

type MessageType = type[Message]

_FREE_FORM: Final = "google.protobuf."  # Struct, Value and Timestamp have no fields of A2A
_WHERE: Final = re.compile(r"(?:Failed to parse \w+ field: )*")  # how protobuf's errors begin
_NAMES: Final = re.compile(r"parse (\w+) field")


def validate_body(body: bytes, message_type: MessageType) -> None:
    """Raises InvalidParamsError for a body that is not an object of this type. The body is valid JSON or empty."""
    parse_params(json.loads(body or b"null"), message_type, "The request body")


def parse_params[M: Message](params: object, message_type: type[M], name: str = "The value of params") -> M:
    """The params as a message. Raises InvalidParamsError. The error never contains a part of the params."""
    if not isinstance(params, dict):
        raise InvalidParamsError(message=f"{name} must be a JSON object.")
    _validate_fields(params, _descriptor(message_type), ())
    with _invalid_values():
        return ParseDict(params, message_type(), ignore_unknown_fields=True)


def validate_query(query: QueryParams, message_type: MessageType) -> None:
    """Raises InvalidParamsError for a parameter that is unknown, has different values or one that is not of its type.

    An unknown parameter is not ignored as a field of a body is: a filter that is dropped widens the answer.
    """
    fields = {str(field.json_name): field for field in _descriptor(message_type).fields}
    for name in query.keys() - {VERSION_HEADER}:
        if name not in fields:
            raise InvalidParamsError(message=f"The query has an unknown parameter. Known are {', '.join(fields)}.")
        values = set(query.getlist(name))
        if len(values) > 1:
            raise InvalidParamsError(message=f"The query has different values of {name}.")
        _validate_query_value(values.pop(), fields[name], name)
    with _invalid_values():
        parse_query(query, message_type())


@contextmanager
def _invalid_values() -> Iterator[None]:
    """Raises InvalidParamsError, with the name of the field, for a value that protobuf does not accept."""
    try:
        yield
    except (ParseError, ValueError, TypeError) as error:
        names = _NAMES.findall(_WHERE.match(str(error))[0])  # type: ignore[index]  # matches also an empty text
        raise InvalidParamsError(message=f"The value of {'.'.join(names) or 'a field'} is not valid.") from None


def _validate_query_value(value: str, field: FieldDescriptor, name: str) -> None:
    if field.type == FieldDescriptor.TYPE_BOOL and value.lower() not in {"true", "false"}:
        raise InvalidParamsError(message=f"The value of {name} must be true or false.")
    _validate_value(value, field, (name,))


def _validate_fields(params: Mapping[str, Any], descriptor: Descriptor, path: Sequence[str]) -> None:
    if descriptor.full_name.startswith(_FREE_FORM):
        return
    fields = _fields(descriptor)
    for name, value in params.items():
        if name in fields:
            _validate_value(value, fields[name], (*path, fields[name].json_name))
        else:
            require_known_spelling(name, {known: field.json_name for known, field in fields.items()}, path)


@cache  # each request asks for them, and protobuf makes a new object for each field
def _fields(descriptor: Descriptor) -> Mapping[str, FieldDescriptor]:
    """The fields of a message by both names that protobuf accepts in JSON."""
    return {name: field for field in descriptor.fields for name in (field.json_name, field.name)}


def require_known_spelling(name: str, spellings: Mapping[str, str], path: Sequence[str]) -> None:
    """Raises InvalidParamsError for a name that is like a known one, but not equal to it.

    `spellings` maps each accepted name to the one that A2A has in JSON.
    """
    if name in spellings:
        return
    similar = {_normalized(known): in_json for known, in_json in spellings.items()}
    if _normalized(name) in similar:
        spelling = ".".join((*path, similar[_normalized(name)]))
        raise InvalidParamsError(message=f"The name of a field is misspelt: it is {spelling}.")


def _validate_value(value: object, field: FieldDescriptor, path: Sequence[str]) -> None:
    for item in _items(value):
        if field.enum_type and not _is_enum_value(item, field.enum_type):
            names = ", ".join(known.name for known in field.enum_type.values if known.number)
            raise InvalidParamsError(message=f"The value of {'.'.join(path)} must be one of {names}.")
        if field.message_type and isinstance(item, dict):
            _validate_fields(item, field.message_type, path)


def _descriptor(message_type: MessageType) -> Descriptor:
    return cast("Descriptor", message_type.DESCRIPTOR)  # which has the same interface in each implementation


def _items(value: object) -> Iterator[object]:
    yield from value if isinstance(value, list) else [value]


def _is_enum_value(value: object, enum: EnumDescriptor) -> bool:
    """Whether it is a known name or any number: protobuf keeps unknown numbers, and the methods reject them."""
    match value:
        case str():
            return value in enum.values_by_name or value.isdecimal()
        case bool():
            return False
        case float():
            return value.is_integer()
    return True


def _normalized(name: str) -> str:
    return name.replace("_", "").replace("-", "").casefold()
