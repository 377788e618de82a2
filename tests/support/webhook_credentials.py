"""A webhook with credentials, as a caller registers it."""

from __future__ import annotations

from typing import Any

URL = "https://hooks.example.com/staff0?case=7"
AUTHENTICATION = {"scheme": "Bearer", "credentials": "canary-credentials"}
CONFIG: dict[str, Any] = {"url": URL, "token": "canary-token", "authentication": AUTHENTICATION}
