"""Writes both descriptions into this folder: `python -m openapi`."""

import json
from pathlib import Path
from typing import Final

from openapi import agent_description, hr_api_description
from openapi.protobuf_schemas import Schema

HERE: Final = Path(__file__).parent


def descriptions() -> dict[str, Schema]:
    """File name → OpenAPI document."""
    return {"agent.json": agent_description.describe(), "hr-api.json": hr_api_description.describe()}


def to_json(document: Schema) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name, document in descriptions().items():
        (HERE / name).write_text(to_json(document))
