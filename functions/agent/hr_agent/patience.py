"""How long AWS is waited for."""

from typing import Final

from botocore.config import Config

# Short enough that an outage is told before the API's 30 s are over.
PATIENCE: Final = Config(connect_timeout=2, read_timeout=4, retries={"mode": "standard", "total_max_attempts": 3})
