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

from tests.faults.side_effects import SideEffectRecorder
from tests.support.aws_resources import AwsResources
from tests.support.dummy_credentials import REGION
from tests.support.fake_hr_api import FakeHrApi
from tests.support.fake_idp import FakeIdp
from tests.support.fake_queue import FakeSqs
from tests.support.moto_differences import take_digests

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient
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
    """The caller's webhooks, with all updates that reached them."""

    recorder: SideEffectRecorder
    updates: list[StreamResponse] = field(default_factory=list)

    def post(self, url: str, headers: Headers, content: bytes) -> None:
        name, refused, lost = f"POST {url}", WebhookFailed("ConnectError"), WebhookFailed("ReadTimeout")
        with self.recorder.effect(name, refused=refused, lost=lost):
            self.updates.append(Parse(content, StreamResponse()))

    def sequences(self) -> set[int]:
        """The versions of the task that reached a webhook."""
        events = [getattr(update, update.WhichOneof("payload") or "") for update in self.updates]
        return {int(event.metadata["sequence"]) for event in events if "event_id" in event.metadata}


def recorded_aws(session: boto3.Session, state: AwsResources, recorder: SideEffectRecorder) -> AwsResources:
    """The same table and keys, with new clients for one run."""
    dynamodb, kms = session.client("dynamodb"), session.client("kms")
    take_digests(kms)
    recorder.listen(dynamodb)
    recorder.listen(kms)
    return AwsResources(dynamodb, state.table, kms, state.key_id, state.attestation_key, state.pairwise_key)


def recorded_queue(session: boto3.Session, fake: FakeSqs, recorder: SideEffectRecorder) -> SQSClient:
    client = session.client("sqs")
    _answer(client, "SendMessageBatch", lambda asked: fake.send_message_batch(**asked))
    _answer(client, "SendMessage", lambda asked: fake.send_message(**asked))
    recorder.listen(client)
    return client


def recorded_step_functions(
    session: boto3.Session, start: Callable[[str], None], stop: Callable[[str], None], recorder: SideEffectRecorder
) -> SFNClient:
    """`start` and `stop` take the name of the execution. A second start with the same name changes nothing."""
    client = session.client("stepfunctions")
    _answer(client, "StartExecution", lambda asked: start(asked["name"]))
    _answer(client, "StopExecution", lambda asked: stop(asked["executionArn"].rpartition(":")[2]))
    recorder.listen(client)
    return client


def machine_arn() -> str:
    return f"arn:aws:states:{REGION}:000000000000:stateMachine:approval"


def _answer(client: BaseClient, operation: str, serve: Callable[[dict[str, Any]], Any]) -> None:
    def answer(params: dict[str, Any], **_: object) -> tuple[SimpleNamespace, dict[str, Any]]:
        return SimpleNamespace(status_code=200), serve(json.loads(params["body"])) or {}

    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register(f"before-call.{service}.{operation}", answer)  # type: ignore[arg-type]  # may answer
