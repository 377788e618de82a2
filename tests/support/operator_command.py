"""Type of the fixture that runs operator commands."""

from collections.abc import Callable

type Operate = Callable[..., tuple[int, str, str]]
"""Takes the arguments of a command. Returns its exit code, stdout and stderr."""
