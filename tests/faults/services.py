"""The services around the functions, by moto and by fakes. All calls to them pass the `SideEffectRecorder`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import httpx
from a2a.types import StreamResponse
from google.protobuf.json_format import Parse
from staff0.errors import WebhookFailed
from staff0.webhook_signature_format import HEADER

from tests.faults.side_effects import SideEffectRecorder
from tests.support.dummy_credentials import REGION
from tests.support.fake_hr_api import FakeHrApi
from tests.support.fake_idp import FakeIdp
from tests.support.fake_queue import FakeSqs
from tests.support.moto_differences import take_digests

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from notifier.http.webhook_transport import Headers


@dataclass
class RecordedIdp(FakeIdp):
    recorder: SideEffectRecorder = field(default_factory=SideEffectRecorder)

    def http(self) -> httpx.Client:
        return self.recorder.http(super().http())


@dataclass
class RecordedHrApi(FakeHrApi):
    recorder: SideEffectRecorder = field(default_factory=SideEffectRecorder)

    def http(self) -> httpx.Client:
        return self.recorder.http(super().http())


@dataclass
class Receivers:
    """The caller's webhooks, with all updates that reached them, and the number of those without a signature.

    With a `failure` they answer nothing.
    """

    recorder: SideEffectRecorder
    failure: WebhookFailed | None = None
    updates: list[StreamResponse] = field(default_factory=list)
    unsigned: int = 0

    def post(self, url: str, headers: Headers, content: bytes) -> None:
        name, refused, lost = f"POST {url}", WebhookFailed("ConnectError"), WebhookFailed("ReadTimeout")
        self.unsigned += HEADER not in headers
        with self.recorder.effect(name, refused=refused, lost=lost):
            if self.failure:
                raise self.failure
            self.updates.append(Parse(content, StreamResponse()))

    def sequences(self) -> set[int]:
        """The versions of the task that reached a webhook."""
        events = [getattr(update, update.WhichOneof("payload") or "") for update in self.updates]
        return {int(event.metadata["sequence"]) for event in events if "event_id" in event.metadata}


class RecordedClients:
    """The AWS clients of all runs, one after the other, because a new client reads the model of its service again."""

    def __init__(self, session: boto3.Session) -> None:
        self.dynamodb, self.kms = session.client("dynamodb"), session.client("kms")
        self.sqs, self.step_functions = session.client("sqs"), session.client("stepfunctions")
        take_digests(self.kms)
        self.recorder: SideEffectRecorder
        self._serve: dict[str, Callable[[dict[str, Any]], Any]] = {}
        for client in (self.dynamodb, self.kms, self.sqs, self.step_functions):
            self._listen(client)

    def begin(
        self, recorder: SideEffectRecorder, queue: FakeSqs, start: Callable[[str], None], stop: Callable[[str], None]
    ) -> None:
        """Begins a run. `start` and `stop` take the name of the execution; to start one again changes nothing."""
        self.recorder = recorder
        self._serve = {
            "SendMessageBatch": lambda asked: queue.send_message_batch(**asked),
            "SendMessage": lambda asked: queue.send_message(**asked),
            "StartExecution": lambda asked: start(asked["name"]),
            "StopExecution": lambda asked: stop(asked["executionArn"].rpartition(":")[2]),
        }

    def _listen(self, client: BaseClient) -> None:
        service, url = client.meta.service_model, client.meta.endpoint_url

        def before(model: Any, params: dict[str, Any], **_: object) -> tuple[SimpleNamespace, Any] | None:
            self.recorder.before_aws_call(f"{service.signing_name}:{model.name}", params["body"], url)
            if serve := self._serve.get(model.name):
                return SimpleNamespace(status_code=200), serve(json.loads(params["body"])) or {}
            return None

        # Register for each operation by name, because botocore calls such handlers before those for all operations.
        for operation in service.operation_names:
            event = f"before-call.{service.service_id.hyphenize()}.{operation}"
            client.meta.events.register_first(event, before)  # type: ignore[arg-type]  # may answer
        client.meta.events.register_last("after-call", lambda **_: self.recorder.after_aws_call(url))


def machine_arn() -> str:
    return f"arn:aws:states:{REGION}:000000000000:stateMachine:approval"
