"""The OpenAPI document of the HR API, as FastAPI generates it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hr_api.employee_api import create_app

from openapi.gateway import with_gateway_responses

if TYPE_CHECKING:
    from hr_api.employees import Employees
    from staff0.auth import TokenVerifier

    from openapi.protobuf_schemas import Schema


def describe() -> Schema:
    """The whole document. Verifier and employees are not used for it."""
    app = create_app(cast("TokenVerifier", None), cast("Employees", None))
    document = app.openapi()
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop(
                "422"
            )  # FastAPI adds it for validated parameters, but here any text is a valid id
            operation["responses"] = with_gateway_responses(operation["responses"])
    return document
