"""The HR API, as FastAPI describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hr_api.employee_api import create_app

from openapi.gateway import completed

if TYPE_CHECKING:
    from hr_api.employees import Employees
    from staff0.auth import TokenVerifier

    from openapi.protobuf_schemas import Schema


def describe() -> Schema:
    """The whole document. Nobody is asked anything for it."""
    app = create_app(cast("TokenVerifier", None), cast("Employees", None))
    document = app.openapi()
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422")  # FastAPI's for parameters that it checks: here any text is an id
            operation["responses"] = completed(operation["responses"])
    return document
