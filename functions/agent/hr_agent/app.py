"""The agent on Lambda: settings, clients, application, handler. Made once per environment."""

import asyncio
import uuid

import boto3
from mangum import Mangum
from staff0.auth import JwksKeys, TokenVerifier
from staff0.clock import utc_now
from staff0.settings import AgentSettings, load
from staff0.tasks import Once, TaskStore

from hr_agent.application import Doors, create_app
from hr_agent.loop import StepFunctionsLoop
from hr_agent.patience import PATIENCE
from hr_agent.public_documents import JWKS_MEDIA_TYPE
from hr_agent.publishing import public_documents
from hr_agent.readers import question_reader
from hr_agent.send_message import SendMessage
from hr_agent.tasks import Tasks

_settings = load(AgentSettings)
_dynamodb = boto3.client("dynamodb", config=PATIENCE)
_store = TaskStore(_dynamodb, _settings.tasks_table, utc_now, _settings.task_retention_days)
_send = SendMessage(
    tasks=Tasks(_store, utc_now),
    loop=StepFunctionsLoop(boto3.client("stepfunctions", config=PATIENCE), _settings.state_machine_arn),
    reader=question_reader(_settings),
    clock=utc_now,
    sleep=asyncio.sleep,
    new_id=lambda: str(uuid.uuid4()),
    expiry_seconds=_settings.requested_expiry_seconds,
)
app = create_app(
    _send,
    public_documents(_settings, Once(_dynamodb, _settings.tasks_table, utc_now)),
    Doors(
        TokenVerifier(_settings.auth0_issuer, _settings.hr_agent_auth0_audience, JwksKeys(_settings.jwks_url)),
        _settings.callers,
        _settings.agent_base_url,
    ),
)

# The list replaces Mangum's own: without it A2A's media type would be sent as base64.
_TEXT = ["text/", "application/json", "application/a2a+json", JWKS_MEDIA_TYPE]
handler = Mangum(app, lifespan="off", text_mime_types=_TEXT)
