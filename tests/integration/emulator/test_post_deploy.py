"""The routes of a deployed API follow the template, also when they are there already."""

from local.cli import post_deploy
from tests.integration.emulator.conftest import STACK_NAME, Emulator


def test_a_route_that_lost_its_authorizer_gets_it_back(emulator: Emulator) -> None:
    apis, api_id = emulator.client("apigatewayv2"), emulator.output("ApiId")
    [employees] = [r for r in apis.get_routes(ApiId=api_id)["Items"] if r["RouteKey"] == "GET /employees/{id}"]
    apis.update_route(ApiId=api_id, RouteId=employees["RouteId"], AuthorizationType="NONE")
    assert emulator.front.get("/employees/7").status_code == 200

    post_deploy.complete(emulator.session, emulator.url, STACK_NAME)

    assert emulator.front.get("/employees/7").status_code == 401


def test_a_route_that_the_template_lost_goes(emulator: Emulator) -> None:
    apis, api_id = emulator.client("apigatewayv2"), emulator.output("ApiId")
    [rest] = [r for r in apis.get_routes(ApiId=api_id)["Items"] if r["RouteKey"] == "$default"]
    apis.create_route(ApiId=api_id, RouteKey="GET /left-over", Target=rest["Target"], AuthorizationType="NONE")

    post_deploy.complete(emulator.session, emulator.url, STACK_NAME)

    keys = {route["RouteKey"] for route in apis.get_routes(ApiId=api_id)["Items"]}
    assert keys == {"GET /open", "GET /employees/{id}", "$default"}
