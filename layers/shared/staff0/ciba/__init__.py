"""CIBA in poll mode, as OpenID Connect CIBA Core 1.0 and Auth0 word it."""

from staff0.ciba.answers import PollAnswer, PollOutcome, unanswered
from staff0.ciba.client import CibaClient, Started
from staff0.ciba.schedule import next_wait_seconds

__all__ = ["CibaClient", "PollAnswer", "PollOutcome", "Started", "next_wait_seconds", "unanswered"]
