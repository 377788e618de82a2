"""What is asked here, spread over several employees: nobody's phone rings more often than it may."""

from collections.abc import Iterable
from itertools import cycle
from typing import Final

ANSWERS: Final = {
    "Does John Doe with email jdoe@staff0.com work at Staff0?": "Yes, John Doe is an active employee of Staff0.",
    "Does Jane Roe with email jroe@staff0.com work at Staff0?": "No, Jane Roe is not an active employee of Staff0.",
    "Is Maria Silva (msilva@staff0.com) employed?": "Yes, Maria Silva is an active employee of Staff0.",
    "Does Li Wei with email lwei@staff0.com work at Staff0?": "Yes, Li Wei is an active employee of Staff0.",
}


def shared_out(names: Iterable[str]) -> dict[str, str]:
    """A question for each of the clients."""
    return dict(zip(names, cycle(ANSWERS), strict=False))
