"""The media types that this agent reads and writes, and which of them a client accepts (RFC 9110 8.3.1, 12.5.1)."""

from collections.abc import Iterable
from email.message import Message
from typing import Final

from staff0 import statement_format

INPUT_MODES: Final = ("text/plain", "application/json")
OUTPUT_MODES: Final = ("text/plain", "application/json", statement_format.MEDIA_TYPE)

_OLDER_NAMES: Final = {"text": "text/plain"}  # clients of A2A 0.3 name the kind of a part


def accepts_output(accepted: Iterable[str]) -> bool:
    """Whether one of these media types or ranges stands for an output of this agent.

    The most specific range counts: `text/*;q=0` excludes text/plain, whatever `*/*` says.
    """
    weights = dict(map(_parse, accepted))
    return any(_weight(mode, weights) > 0 for mode in OUTPUT_MODES)


def _weight(mode: str, weights: dict[str, float]) -> float:
    ranges = (mode, f"{mode.partition('/')[0]}/*", "*/*")
    return next((weights[name] for name in ranges if name in weights), 0)


def _parse(media_range: str) -> tuple[str, float]:
    """The range in small letters without parameters, and its weight: 1 if none is given or it is not a number."""
    header = Message()
    header["Accept"] = media_range
    [(name, _), *parameters] = header.get_params([("", "")], header="Accept")
    quality = next((value for parameter, value in parameters if parameter.lower() == "q"), "1")
    try:
        weight = float(quality)
    except (TypeError, ValueError):  # `q*` is a tuple (RFC 2231)
        weight = 1
    return _OLDER_NAMES.get(name.lower(), name.lower()), weight
