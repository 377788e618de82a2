"""Lambda handler of the HR API, built once per execution environment."""

from mangum import Mangum
from staff0 import aws_clients
from staff0.auth import JwksKeys, TokenVerifier
from staff0.http_event import http_event_handler
from staff0.observability import log_invocation
from staff0.protected_resource import ProtectedResource
from staff0.provider_metadata import ProviderMetadata
from staff0.settings import load_settings
from staff0.skills import SKILLS
from staff0.skills.employee_record import employee_model

from hr_api.access import Access
from hr_api.employee_api import create_app
from hr_api.employees import Employees
from hr_api.errors import invalid_event
from hr_api.hr_api_settings import HrApiSettings
from hr_api.resource_metadata import ResourceMetadata
from hr_api.used_approvals import UsedApprovals

_settings = load_settings(HrApiSettings)
_access = Access(_settings.hr_agent_auth0_client_id, SKILLS, requires_details=_settings.authorization_details)
_resource = ProtectedResource("Staff0 HR API", _settings.auth0_issuer, _settings.hr_api_auth0_audience, _access.scopes)
_metadata = ProviderMetadata(_settings.auth0_issuer, _settings.auth0_base_url, {"jwks_uri": _settings.jwks_uri})
app = create_app(
    TokenVerifier(_settings.auth0_issuer, _settings.hr_api_auth0_audience, JwksKeys(_metadata.jwks_uri)),
    _access,
    UsedApprovals(aws_clients.dynamodb(), _settings.used_approvals_table),
    Employees(aws_clients.dynamodb(), _settings.employees_table, employee_model(SKILLS.facts.values())),
    ResourceMetadata(_resource, _settings.hr_api_base_url),
)
_TEXT = ["text/", "application/json", "application/problem+json"]
handler = log_invocation(http_event_handler(Mangum(app, lifespan="off", text_mime_types=_TEXT), invalid_event))
