"""The OpenAPI document of the HR API, as FastAPI generates it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hr_api.access import Access
from hr_api.employees import Employees
from hr_api.fastapi_app import create_fastapi_app
from hr_api.read_employee import ReadEmployee
from hr_api.resource_metadata import ResourceMetadata
from hr_api.used_approvals import UsedApprovals
from staff0.skills import SKILLS
from staff0.skills.employee_record import employee_model

from openapi.gateway import with_gateway_responses

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.auth import TokenVerifier
    from staff0.protected_resource import ProtectedResource

    from openapi.protobuf_schemas import Schema


def describe() -> Schema:
    """The whole document. The app's dependencies are not used for it."""
    metadata = ResourceMetadata(cast("ProtectedResource", None))
    dynamodb = cast("DynamoDBClient", None)
    read = ReadEmployee(
        cast("TokenVerifier", None),
        Access("", SKILLS, requires_details=False),
        UsedApprovals(dynamodb, ""),
        Employees(dynamodb, "", employee_model(SKILLS.facts.values())),
    )
    document = create_fastapi_app(read, metadata).openapi()
    for operations in document["paths"].values():
        for operation in operations.values():
            # FastAPI adds it for validated parameters, but here any text is a valid id or path.
            operation["responses"].pop("422", None)
            operation["responses"] = with_gateway_responses(operation["responses"])
    return document
