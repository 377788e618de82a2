"""Batches with arbitrary records: valid records are processed once, and invalid ones do not delay them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from hypothesis import given, settings
from hypothesis import strategies as st
from notifier import deliver, fan_out
from notifier.delivery_queue import Delivery
from notifier.fan_out import FanOut
from notifier.message_handler import MessageHandler
from staff0.errors import BadEvent
from staff0.tasks import push_config_reference

from tests.support.fake_queue import FakeSqs, QueuedMessage
from tests.support.fuzzed_events import JUNK, PRIVATE, QUIETLY, TEXT, mutated, sample
from tests.support.lambda_context import FakeLambdaContext
from tests.support.sample_webhooks import CONFIG, TASK, create_task, stream_record

if TYPE_CHECKING:
    from staff0.tasks import PushConfigStore, TaskStore

VALID_RECORD = stream_record(f"TASK#{TASK}", "EVENT#00000001")
VALID = Delivery(task_id=TASK, config_id=push_config_reference(TASK, "c1"), sequence=1)
RECORDS = st.one_of(
    JUNK,
    st.sampled_from(sample("fan-out")["Records"]).flatmap(mutated),
    st.builds(
        stream_record,
        TEXT.map("TASK#{}".format),
        st.sampled_from(["EVENT#", "PUSH#"]).flatmap(lambda k: TEXT.map(k.__add__)),
    ),
    st.builds(stream_record, st.just(f"TASK#{TASK}"), TEXT.map("EVENT#{}".format)),
    st.builds(stream_record, st.just("TASK#t2"), TEXT.map("PUSH#{}".format)),
)
BODIES = st.one_of(
    TEXT,
    st.builds(
        '{{"task_id": {}, "config_id": {}, "sequence": {}}}'.format,
        *[st.sampled_from(['"t2"', "null", "-1", "1e9", '"' + "x" * 5_000 + '"', f'"{PRIVATE}"', '"\\ud800"'])] * 3,
    ),
)


def kept_messages(message_handler: MessageHandler, messages: list[Any]) -> list[str]:
    """The ids of the messages that stay in the queue."""
    response = deliver.process_messages({"Records": messages}, lambda: message_handler)
    return [str(failure["itemIdentifier"]) for failure in response["batchItemFailures"]]


@QUIETLY
@given(before=st.lists(RECORDS, max_size=3), after=st.lists(RECORDS, max_size=3))
def test_stream_records_do_not_delay_each_other(
    store: TaskStore, configs: PushConfigStore, before: list[object], after: list[object], logged: io.StringIO
) -> None:
    if configs.find(TASK, "c1") is None:
        create_task(store, config=CONFIG)
    sqs = FakeSqs(store._clock)  # type: ignore[arg-type]
    response = FanOut(configs, sqs.queue()).run([*before, VALID_RECORD, *after])
    assert response == {"batchItemFailures": []}
    assert sqs.bodies == [VALID.body]
    assert PRIVATE not in logged.getvalue()


@QUIETLY
@given(bad=st.lists(mutated(sample("deliver")["Records"][0]) | JUNK, max_size=3), bodies=st.lists(BODIES, max_size=3))
def test_messages_do_not_delay_each_other(sqs: FakeSqs, bad: list[Any], bodies: list[str], logged: io.StringIO) -> None:
    sent: list[Delivery] = []
    known = sample("deliver")["Records"][0]["body"]

    def send(delivery: Delivery) -> bool:
        sent.append(delivery)
        return True

    valid = sample("deliver")["Records"][0] | {"messageId": "valid", "body": VALID.body}
    shaped = [each for each in bad if isinstance(each, dict)]
    named = [{**each, "messageId": f"bad-{number}"} for number, each in enumerate(shaped)]
    named += [{**valid, "messageId": f"body-{number}", "body": body} for number, body in enumerate(bodies)]
    sqs.undelivered.clear()
    kept = kept_messages(
        MessageHandler(send, sqs.queue(), sqs.undelivered_queue(), lambda _: None, lambda: 0.0), [*named, valid]
    )
    assert "valid" not in kept
    assert sent[-1] == VALID
    # Some mutations leave the sample's delivery as it was.
    assert set(sent) <= {VALID, msgspec.json.decode(known, type=Delivery)}
    assert len(kept) + len(sent) + len(sqs.undelivered) == len(named) + 1
    assert PRIVATE not in logged.getvalue()


@QUIETLY
@given(data=st.data(), function=st.sampled_from([fan_out, deliver]))
def test_event_without_records_is_bad_event(data: st.DataObject, function: Any) -> None:
    event = data.draw(JUNK.filter(lambda junk: not (isinstance(junk, dict) and isinstance(junk.get("Records"), list))))
    with pytest.raises(BadEvent) as error:
        function.handler(event, FakeLambdaContext())
    assert PRIVATE not in str(error.value)


@settings(QUIETLY, max_examples=50)
@given(nameless=JUNK | st.fixed_dictionaries({"messageId": st.none() | st.just("") | st.integers(), "body": TEXT}))
def test_message_without_id_is_bad_event_and_nothing_is_sent(sqs: FakeSqs, nameless: Any) -> None:
    def send(_delivery: Delivery) -> bool:
        raise AssertionError

    valid = sample("deliver")["Records"][0]
    with pytest.raises(BadEvent):
        kept_messages(
            MessageHandler(send, sqs.queue(), sqs.undelivered_queue(), lambda _: None, lambda: 0.0), [valid, nameless]
        )


@settings(QUIETLY, max_examples=30)
@given(body=BODIES)
def test_invalid_body_ends_in_dead_letter_queue(sqs: FakeSqs, body: str) -> None:
    message_handler = MessageHandler(
        lambda _delivery: True, sqs.queue(), sqs.undelivered_queue(), lambda _: None, lambda: 0.0
    )

    def handle(record: SQSRecord) -> bool:
        return not kept_messages(message_handler, [record.raw_event])

    sqs.undelivered.clear()
    sqs.waiting.append(QueuedMessage("m1", body, sqs.clock()))
    while sqs.waiting:
        sqs.poll(handle)
        if sqs.waiting:
            sqs.advance_to_next()
            sqs._redrive()
    assert sqs.undelivered == [body]
