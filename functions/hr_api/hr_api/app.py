"""The HR API on Lambda: settings, clients, application, handler. Made once per environment."""

import boto3
from mangum import Mangum
from staff0.auth import JwksKeys, TokenVerifier
from staff0.settings import HrApiSettings, load

from hr_api.application import create_app
from hr_api.employees import Employees

_settings = load(HrApiSettings)
app = create_app(
    TokenVerifier(_settings.auth0_issuer, _settings.hr_api_auth0_audience, JwksKeys(_settings.jwks_url)),
    Employees(boto3.client("dynamodb"), _settings.employees_table),
)
handler = Mangum(app, lifespan="off", text_mime_types=["text/", "application/json", "application/problem+json"])
