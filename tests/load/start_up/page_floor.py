"""The floor of the employees' page: web framework, log-in by an HTTP client and tokens, DynamoDB, logs."""

import httpx
import jwt
from aws_lambda_powertools import Logger
from botocore.session import Session
from mangum import Mangum
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

logger = Logger()
dynamodb = Session().create_client("dynamodb")
http = httpx.Client()


async def page(request: Request) -> HTMLResponse:
    return HTMLResponse(str(jwt.get_unverified_header(request.cookies["session"])))


handler = logger.inject_lambda_context(Mangum(Starlette(routes=[Route("/", page)]), lifespan="off"))
