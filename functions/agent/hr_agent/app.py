"""The agent on Lambda: settings, clients, application, handler. Made once per environment."""

import asyncio
import uuid

import boto3
from mangum import Mangum
from staff0.auth import JwksKeys, RememberedTokens, TokenVerifier
from staff0.callers import CallerRegistry, RememberedCallers
from staff0.clock import utc_now
from staff0.http_event import for_http_events
from staff0.settings import AgentSettings, load
from staff0.tasks import AuditTrail, EventLog, Once, PushConfigStore, TaskStore
from staff0.vault import Vault

from hr_agent.application import Doors, create_app
from hr_agent.kms import kms
from hr_agent.loop import StepFunctionsLoop
from hr_agent.patience import PATIENCE
from hr_agent.public_documents import JWKS_MEDIA_TYPE
from hr_agent.publishing import public_documents
from hr_agent.push_configs import PushConfigs
from hr_agent.readers import question_reader
from hr_agent.refusals import no_request
from hr_agent.request_handler import StatelessRequestHandler
from hr_agent.send_message import SendMessage
from hr_agent.stream import Streams
from hr_agent.tasks import Tasks

_settings = load(AgentSettings)

_dynamodb, _table = boto3.client("dynamodb", config=PATIENCE), _settings.tasks_table
_audit = AuditTrail(_settings.audit_table, _settings.audit_retention_days)
_tasks = Tasks(TaskStore(_dynamodb, _table, utc_now, _audit, _settings.task_retention_days), utc_now)
_send = SendMessage(
    tasks=_tasks,
    push_configs=PushConfigs(
        _tasks,
        PushConfigStore(_dynamodb, _table, utc_now, _settings.task_retention_days),
        lambda task_id, secret: Vault(kms(), _settings.webhook_key_id).seal(task_id, secret),
        allow_loopback=_settings.loopback_webhooks,
    ),
    loop=StepFunctionsLoop(lambda: boto3.client("stepfunctions", config=PATIENCE), _settings.state_machine_arn),
    reader=question_reader(_settings),
    clock=utc_now,
    sleep=asyncio.sleep,
    new_id=lambda: str(uuid.uuid4()),
    expiry_seconds=_settings.requested_expiry_seconds,
)
_documents = public_documents(_settings, Once(_dynamodb, _table, utc_now))
app = create_app(
    StatelessRequestHandler(
        _send,
        Streams(EventLog(_dynamodb, _table), utc_now, asyncio.sleep, _settings.stream_window_seconds),
        _documents.cards,
    ),
    _documents,
    Doors(
        RememberedTokens(
            TokenVerifier(_settings.auth0_issuer, _settings.hr_agent_auth0_audience, JwksKeys(_settings.jwks_url)),
            utc_now,
        ),
        RememberedCallers(CallerRegistry(lambda: _dynamodb, _settings.callers_table), utc_now),
        _settings.agent_base_url,
    ),
)

# The list replaces Mangum's own: without it A2A's media type would be sent as base64.
_TEXT = ["text/", "application/json", "application/a2a+json", JWKS_MEDIA_TYPE]
handler = for_http_events(Mangum(app, lifespan="off", text_mime_types=_TEXT), no_request)
