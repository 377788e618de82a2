"""The HR API on Lambda: settings, clients, application, handler. Made once per environment."""

import boto3
from botocore.config import Config
from mangum import Mangum
from staff0.auth import JwksKeys, TokenVerifier
from staff0.http_event import for_http_events
from staff0.settings import HrApiSettings, load

from hr_api.application import create_app
from hr_api.employees import Employees
from hr_api.errors import no_request

# Together less than API Gateway waits.
_PATIENCE = Config(connect_timeout=2, read_timeout=4, retries={"mode": "standard", "total_max_attempts": 3})

_settings = load(HrApiSettings)
app = create_app(
    TokenVerifier(_settings.auth0_issuer, _settings.hr_api_auth0_audience, JwksKeys(_settings.jwks_url)),
    Employees(boto3.client("dynamodb", config=_PATIENCE), _settings.employees_table),
)
_TEXT = ["text/", "application/json", "application/problem+json"]
handler = for_http_events(Mangum(app, lifespan="off", text_mime_types=_TEXT), no_request)
