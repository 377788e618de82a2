"""The pending approval as data: in a status message, under the URI of an extension that the agent card declares.

docs/extensions/approval-v1.md describes it; hr_agent.card.approval_schema is its JSON schema.
"""

from typing import Final

EXTENSION: Final = "https://staff0/a2a/approval/v1"
