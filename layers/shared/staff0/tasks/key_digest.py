"""Hashes of texts that must not be read in keys."""

import hashlib
import json


def key_digest(*parts: str) -> str:
    """A hash, because keys appear in logs and metrics and must not name a person. It also bounds the length."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def push_config_reference(task_id: str, config_id: str) -> str:
    """The name of a webhook in keys, queue and logs."""
    return key_digest(task_id, config_id)
