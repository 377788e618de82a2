"""The agent's Lambda handler. Everything is created once for each execution environment."""

import asyncio
import uuid

from mangum import Mangum
from staff0 import aws_clients
from staff0.auth import JwksKeys, TokenVerifier
from staff0.caller_registry import CallerRegistry
from staff0.clock import utc_now
from staff0.encryption import KmsEncryptor
from staff0.http_event import http_event_handler
from staff0.observability import log_invocation
from staff0.person_keys import PersonKeys, derived_key
from staff0.provider_metadata import ProviderMetadata
from staff0.settings import load_settings
from staff0.skills import SKILLS
from staff0.tasks import AuditTrail, EventLog, PushConfigStore, TaskStore, WriteOnceStore

from hr_agent.agent_settings import AgentSettings
from hr_agent.application import AccessControl, create_app
from hr_agent.card.factory import signed_cards, well_known_routes
from hr_agent.card.well_known_routes import JWKS_MEDIA_TYPE
from hr_agent.http.cached_caller_registry import CachedCallerRegistry
from hr_agent.http.cached_token_verifier import CachedTokenVerifier
from hr_agent.http.error_responses import invalid_event
from hr_agent.methods.approval_workflow import StepFunctionsWorkflow
from hr_agent.methods.caller_tasks import CallerTasks
from hr_agent.methods.event_stream import EventStreams
from hr_agent.methods.push_notification_configs import PushNotificationConfigs
from hr_agent.methods.send_message import SendMessage
from hr_agent.protocol.request_handler import StatelessRequestHandler
from hr_agent.questions.parser_selection import question_parser
from hr_agent.snapshots import register_hooks

_settings = load_settings(AgentSettings)

_dynamodb, _table = aws_clients.dynamodb(), _settings.tasks_table
_audit = AuditTrail(_settings.audit_table, _settings.audit_retention_days)
_tasks = CallerTasks(TaskStore(_dynamodb, _table, utc_now, _audit, _settings.task_retention_days), utc_now)
_workflow = StepFunctionsWorkflow(aws_clients.step_functions, _settings.state_machine_arn)
_push_configs = PushNotificationConfigs(
    _tasks,
    PushConfigStore(_dynamodb, _table, utc_now, _settings.task_retention_days),
    KmsEncryptor(aws_clients.kms, _settings.webhook_key_id),
    allow_loopback=_settings.loopback_webhooks,
    ports=_settings.allowed_webhook_ports,
)
_write_once = WriteOnceStore(_dynamodb, _table, utc_now)
_cards = signed_cards(_settings, _write_once)
_request_handler = StatelessRequestHandler(
    send_message=SendMessage(
        tasks=_tasks,
        push_configs=_push_configs,
        workflow=_workflow,
        parser=question_parser(_settings, SKILLS),
        person_keys=PersonKeys(lambda: derived_key(aws_clients.kms, _settings.limits_key_id)),
        clock=utc_now,
        sleep=asyncio.sleep,
        new_id=lambda: str(uuid.uuid4()),
        expiry_seconds=_settings.requested_expiry_seconds,
    ),
    tasks=_tasks,
    workflow=_workflow,
    push_configs=_push_configs,
    streams=EventStreams(EventLog(_dynamodb, _table, utc_now), utc_now, asyncio.sleep, _settings.stream_window_seconds),
    cards=_cards,
)
_metadata = ProviderMetadata(_settings.auth0_issuer, _settings.auth0_base_url, {"jwks_uri": _settings.jwks_uri})
_access = AccessControl(
    CachedTokenVerifier(
        TokenVerifier(_settings.auth0_issuer, _settings.hr_agent_auth0_audience, JwksKeys(_metadata.jwks_uri)),
        utc_now,
    ),
    CachedCallerRegistry(CallerRegistry(aws_clients.dynamodb, _settings.callers_table), utc_now),
    _settings.agent_base_url,
)
app = create_app(
    _request_handler,
    well_known_routes(_settings, _cards, _write_once),
    _access,
    required_extensions=_cards.profile.required_extensions,
    allowed_origins=_settings.allowed_origins,
)
register_hooks()

# Replaces Mangum's own list, without which A2A's media type would be sent as base64.
_TEXT_MEDIA_TYPES = ["text/", "application/json", "application/a2a+json", JWKS_MEDIA_TYPE]
_asgi_handler = Mangum(app, lifespan="off", text_mime_types=_TEXT_MEDIA_TYPES)
handler = log_invocation(http_event_handler(_asgi_handler, invalid_event))
