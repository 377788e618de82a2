"""Among whatever a stream or a queue hands out, what is good is told once, and what is not keeps nobody waiting."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notifier import deliver, fan_out
from notifier.delivery_queue import Delivery
from notifier.fan_out import FanOut
from notifier.message_handler import MessageHandler
from staff0.errors import BadEvent

from tests.support.fake_queue import FakeSqs, Waiting
from tests.support.fuzzed_events import JUNK, PRIVATE, QUIETLY, TEXT, mutated, sample
from tests.support.webhook_assertions import CONFIG, TASK, created, record

if TYPE_CHECKING:
    from staff0.tasks import PushConfigStore, TaskStore

GOOD_RECORD = record(f"TASK#{TASK}", "EVENT#00000001")
GOOD = Delivery(task_id=TASK, config_id="c1", sequence=1)
RECORDS = st.one_of(
    JUNK,
    st.sampled_from(sample("fan-out")["Records"]).flatmap(mutated),
    st.builds(
        record, TEXT.map("TASK#{}".format), st.sampled_from(["EVENT#", "PUSH#"]).flatmap(lambda k: TEXT.map(k.__add__))
    ),
    st.builds(record, st.just(f"TASK#{TASK}"), TEXT.map("EVENT#{}".format)),
    st.builds(record, st.just("TASK#t2"), TEXT.map("PUSH#{}".format)),
)
BODIES = st.one_of(
    TEXT,
    st.builds(
        '{{"task_id": {}, "config_id": {}, "sequence": {}}}'.format,
        *[st.sampled_from(['"t2"', "null", "-1", "1e9", '"' + "x" * 5_000 + '"', f'"{PRIVATE}"', '"\\ud800"'])] * 3,
    ),
)


def delivered(attempts: MessageHandler, messages: list[Any]) -> list[str]:
    """The ids of what stays, by Lambda's handler on these attempts."""
    answer = deliver.answered({"Records": messages}, lambda: attempts)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


@QUIETLY
@given(before=st.lists(RECORDS, max_size=3), after=st.lists(RECORDS, max_size=3))
def test_no_record_of_the_stream_keeps_another_from_being_told(
    store: TaskStore, configs: PushConfigStore, before: list[object], after: list[object], logged: io.StringIO
) -> None:
    if configs.find(TASK, "c1") is None:
        created(store, config=CONFIG)
    sqs = FakeSqs(store._clock)  # type: ignore[arg-type]
    FanOut(configs, sqs.queue()).run([*before, GOOD_RECORD, *after])
    assert sqs.bodies == [GOOD.model_dump_json()]
    assert PRIVATE not in logged.getvalue()


@QUIETLY
@given(bad=st.lists(mutated(sample("deliver")["Records"][0]) | JUNK, max_size=3), bodies=st.lists(BODIES, max_size=3))
def test_no_message_of_the_queue_keeps_another_from_being_told(
    sqs: FakeSqs, bad: list[Any], bodies: list[str], logged: io.StringIO
) -> None:
    told: list[Delivery] = []
    known = sample("deliver")["Records"][0]["body"]

    def tell(delivery: Delivery) -> bool:
        told.append(delivery)
        return True

    good = sample("deliver")["Records"][0] | {"messageId": "good", "body": GOOD.model_dump_json()}
    shaped = [each for each in bad if isinstance(each, dict)]
    named = [{**each, "messageId": f"bad-{place}"} for place, each in enumerate(shaped)]
    named += [{**good, "messageId": f"body-{place}", "body": body} for place, body in enumerate(bodies)]
    stay = delivered(MessageHandler(tell, sqs.queue(), lambda _: None, lambda: 0.0), [*named, good])
    assert "good" not in stay
    assert told[-1] == GOOD
    # What was told beside it was whole after all: a sample whose other parts were changed.
    assert set(told) <= {GOOD, Delivery.model_validate_json(known)}
    assert len(stay) + len(told) == len(named) + 1
    assert PRIVATE not in logged.getvalue()


@QUIETLY
@given(data=st.data(), function=st.sampled_from([fan_out, deliver]))
def test_an_event_without_records_is_refused_by_one_name(data: st.DataObject, function: Any) -> None:
    event = data.draw(JUNK.filter(lambda junk: not (isinstance(junk, dict) and isinstance(junk.get("Records"), list))))
    with pytest.raises(BadEvent) as error:
        function.handler(event, None)
    assert PRIVATE not in str(error.value)


@settings(QUIETLY, max_examples=50)
@given(nameless=JUNK | st.fixed_dictionaries({"messageId": st.none() | st.just("") | st.integers(), "body": TEXT}))
def test_where_a_message_has_no_id_nothing_is_sent(sqs: FakeSqs, nameless: Any) -> None:
    def tell(_delivery: Delivery) -> bool:
        raise AssertionError

    good = sample("deliver")["Records"][0]
    with pytest.raises(BadEvent):
        delivered(MessageHandler(tell, sqs.queue(), lambda _: None, lambda: 0.0), [good, nameless])


@settings(QUIETLY, max_examples=30)
@given(body=BODIES)
def test_whatever_is_no_delivery_ends_with_the_operator(sqs: FakeSqs, body: str) -> None:
    sqs.undelivered.clear()
    sqs.waiting.append(Waiting("m1", body, sqs.clock()))
    attempts = MessageHandler(lambda _delivery: True, sqs.queue(), lambda _: None, lambda: 0.0)
    while sqs.waiting:
        sqs.poll(attempts.make)
        if sqs.waiting:
            sqs.advance_to_next()
            sqs._redrive()
    assert sqs.undelivered == [body]
