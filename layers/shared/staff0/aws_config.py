"""Timeouts and retries of every AWS client that a function makes.

botocore waits 60 s to connect and 60 s for an answer by default, which is longer than every function's own timeout.
"""

from typing import Final

from botocore.config import Config

# All attempts together end before API Gateway gives up after 30 s, so that the caller gets a 503 of our own.
BOTO_CONFIG: Final = Config(connect_timeout=2, read_timeout=4, retries={"mode": "standard", "total_max_attempts": 3})
