"""Routes, authorizers and time to live of the deployed stack follow its template."""

from local.cli.apply_missing_resources import apply_missing_resources
from tests.integration.emulator.emulator_process import STACK_NAME, Emulator


def test_existing_route_gets_its_authorizer_back(emulator: Emulator) -> None:
    apis, api_id = emulator.client("apigatewayv2"), emulator.output("ApiId")
    [employees] = [r for r in apis.get_routes(ApiId=api_id)["Items"] if r["RouteKey"] == "GET /employees/{id}"]
    apis.update_route(ApiId=api_id, RouteId=employees["RouteId"], AuthorizationType="NONE")
    assert emulator.api.get("/employees/7").status_code == 200

    apply_missing_resources(emulator.session, emulator.url, STACK_NAME)

    assert emulator.api.get("/employees/7").status_code == 401


def test_route_outside_the_template_is_deleted(emulator: Emulator) -> None:
    apis, api_id = emulator.client("apigatewayv2"), emulator.output("ApiId")
    [rest] = [r for r in apis.get_routes(ApiId=api_id)["Items"] if r["RouteKey"] == "$default"]
    apis.create_route(ApiId=api_id, RouteKey="GET /left-over", Target=rest["Target"], AuthorizationType="NONE")

    apply_missing_resources(emulator.session, emulator.url, STACK_NAME)

    keys = {route["RouteKey"] for route in apis.get_routes(ApiId=api_id)["Items"]}
    assert keys == {"GET /open", "GET /employees/{id}", "$default"}


def test_table_has_time_to_live(emulator: Emulator) -> None:
    found = emulator.client("dynamodb").describe_time_to_live(TableName=emulator.output("TableName"))
    assert found["TimeToLiveDescription"] == {"AttributeName": "ttl", "TimeToLiveStatus": "ENABLED"}
