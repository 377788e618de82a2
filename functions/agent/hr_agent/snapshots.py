"""SnapStart: what the agent loads before its snapshot, and renews in each environment that Lambda resumes from it.

Lambda runs the import of `hr_agent.app` once for each version. It resumes every environment from that state, hours or
weeks later (docs/adr/0031). Without SnapStart nothing of this runs.
"""

import random
import secrets
import ssl
from typing import Final

from snapshot_restore_py import register_after_restore, register_before_snapshot  # type: ignore[import-untyped]
from staff0 import aws_clients

_SEED_BYTES: Final = 32


def register_hooks() -> None:
    """Lambda ignores hooks that are registered after the import of the handler."""
    register_before_snapshot(prepare)
    register_after_restore(renew)


def prepare() -> None:
    """Loads what requests of an ordinary environment load when they need it. It must use no network."""
    from hr_agent.protocol import sdk_server  # noqa: F401 - without SnapStart an environment may live without it

    for client in (aws_clients.dynamodb, aws_clients.kms, aws_clients.step_functions):
        client()


def renew() -> None:
    """Without it two environments would wait for the same random times, and use connections that have ended."""
    random.seed()
    ssl.RAND_add(secrets.token_bytes(_SEED_BYTES), _SEED_BYTES)  # OpenSSL, for TLS; the kernel's own generator is safe
    aws_clients.close_connections()
