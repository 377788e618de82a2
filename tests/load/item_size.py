"""The size of an item as DynamoDB counts it: names and values, in bytes."""

from __future__ import annotations

from typing import Any, Final

_CONTAINER: Final = 3  # a list or a map, and one byte more for each element


def item_bytes(item: dict[str, dict[str, Any]]) -> int:
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: dict[str, Any]) -> int:
    [(kind, content)] = value.items()
    match kind:
        case "S" | "SS":
            return len("".join(content).encode())
        case "B":
            return len(content)
        case "N":
            return len(content.lstrip("-").replace(".", "")) // 2 + 2
        case "M":
            return _CONTAINER + sum(len(name.encode()) + _value_bytes(each) + 1 for name, each in content.items())
        case "L":
            return _CONTAINER + sum(_value_bytes(each) + 1 for each in content)
        case "BOOL" | "NULL":
            return 1
    raise ValueError(f"no size is known for the type {kind}")
