"""A patch for ministack's CloudFormation, so that the processes of a deleted version of a function end.

ministack 1.5.33 keeps at least one for ever, and each deployment deletes a version of every function.
"""

import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

from local.emulator.patching import expect_source

# Longer than any function of this project runs: a call that is under way ends, as on AWS.
_DELAY_SECONDS: Final = 60.0

type Delete = Callable[[str, dict[str, Any]], None]
type End = Callable[[str, str], None]
type Later = Callable[[Callable[[], None]], None]


def install(provisioners: ModuleType, runtime: ModuleType) -> None:
    """Patches ministack's CloudFormation. Raises EmulatorChangedError if ministack's source has changed."""
    handlers = getattr(provisioners, "_RESOURCE_HANDLERS")["AWS::Lambda::Version"]  # noqa: B009 - private there
    expect_source(handlers["delete"], 'func["versions"].pop(version, None)', "provisioners._lambda_version_delete")
    handlers["delete"] = with_ended_processes(handlers["delete"], runtime.invalidate_worker, _later)


def with_ended_processes(delete: Delete, end: End, later: Later) -> Delete:
    """`end` gets the name of the function and the number of the version."""

    def delete_and_end(arn: str, properties: dict[str, Any]) -> None:
        delete(arn, properties)
        name, version = arn.split(":")[-2:]
        later(lambda: end(name, version))

    return delete_and_end


def _later(action: Callable[[], None]) -> None:
    timer = threading.Timer(_DELAY_SECONDS, action)
    timer.daemon = True
    timer.start()
