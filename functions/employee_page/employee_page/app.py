"""Lambda handler of the employees' page, built once per execution environment."""

import logging

import httpx
from mangum import Mangum
from staff0 import aws_clients
from staff0.audit_pseudonym import audit_pseudonym
from staff0.auth import JwksKeys
from staff0.clock import utc_now
from staff0.employee_choices import EmployeeChoices
from staff0.http_event import http_event_handler
from staff0.observability import log_invocation
from staff0.provider_metadata import ProviderMetadata
from staff0.settings import load_settings
from staff0.tasks import AuditReader

from employee_page.authorization_flow import AuthorizationFlow
from employee_page.identity import IdentityReader
from employee_page.message_responses import invalid_event
from employee_page.page_services import PageServices
from employee_page.page_settings import EmployeePageSettings
from employee_page.request_history import RequestHistory
from employee_page.sessions import Sessions
from employee_page.web_app import create_app

# httpx logs every URL at INFO.
logging.getLogger("httpx").setLevel(logging.WARNING)

_settings = load_settings(EmployeePageSettings)
_issuer, _client_id = _settings.auth0_issuer, _settings.employee_page_auth0_client_id
_known = {"token_endpoint": _settings.token_endpoint, "jwks_uri": _settings.jwks_uri}
_metadata = ProviderMetadata(_issuer, _settings.auth0_base_url, _known)
app = create_app(
    PageServices(
        flow=AuthorizationFlow(_metadata, _issuer, _client_id, _settings.connections),
        identities=IdentityReader(
            httpx.Client(),
            _metadata,
            _issuer,
            _client_id,
            JwksKeys(_metadata.jwks_uri),
            connections=_settings.connections,
        ),
        pseudonym=lambda sub: audit_pseudonym(aws_clients.kms(), _settings.pairwise_key_id, sub),
        sessions=Sessions(aws_clients.dynamodb, _settings.sessions_table, utc_now),
        choices=EmployeeChoices(aws_clients.dynamodb, _settings.choices_table, utc_now),
        history=RequestHistory(AuditReader(aws_clients.dynamodb(), _settings.audit_table), utc_now),
        clock=utc_now,
        configured_url=_settings.employee_page_base_url,
    )
)
handler = log_invocation(http_event_handler(Mangum(app, lifespan="off", text_mime_types=["text/"]), invalid_event))
