"""An approval discloses its facts once: to one token with one Idempotency-Key, which may repeat its request."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.support.disclosure_requests import DETAILS, KEY, QUERY, STATUS, HrApi, is_refused, token_of
from tests.support.sample_employee import JOHN

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


async def test_approval_is_used_once(hr_api: HrApi) -> None:
    token = token_of(STATUS)
    first = await hr_api.read(token)
    again = await hr_api.read(token)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()  # the answer was lost on the way
    assert is_refused(await hr_api.read(token, key={"Idempotency-Key": "another"}))
    assert is_refused(await hr_api.read(token, key={}), 400)
    assert (await hr_api.read(token)).status_code == 200


async def test_a_key_is_needed_at_the_first_use_too(hr_api: HrApi) -> None:
    token = token_of(STATUS)
    for key in ({}, {"Idempotency-Key": ""}):
        assert is_refused(await hr_api.read(token, key=key), 400)
    assert (await hr_api.read(token)).status_code == 200


async def test_second_token_for_the_same_request_reads_nothing_more(hr_api: HrApi) -> None:
    """A function that is broken into could ask twice for one task, for more facts the second time."""
    assert (await hr_api.read(token_of(STATUS))).status_code == 200
    assert is_refused(await hr_api.read(token_of(DETAILS)))


async def test_approvals_of_two_requests_are_used_independently(hr_api: HrApi) -> None:
    second = replace(STATUS, request_id="task-2")
    assert (await hr_api.read(token_of(STATUS))).status_code == 200
    answer = await hr_api.read(token_of(second), {**QUERY, "request_id": "task-2"}, {"Idempotency-Key": "key-2"})
    assert answer.status_code == 200


async def test_use_that_cannot_be_recorded_discloses_nothing(
    hr_api: HrApi, dynamodb: DynamoDBClient, used_approvals_table: str
) -> None:
    dynamodb.delete_table(TableName=used_approvals_table)
    answer = await hr_api.read(token_of(STATUS))
    assert is_refused(answer, 503)
    assert used_approvals_table not in answer.text


async def test_table_of_uses_holds_no_token_no_key_and_no_person(
    hr_api: HrApi, dynamodb: DynamoDBClient, used_approvals_table: str
) -> None:
    token, expires_at = token_of(STATUS), int(time.time()) + 300
    await hr_api.read(token)
    [item] = dynamodb.scan(TableName=used_approvals_table)["Items"]
    assert item.keys() == {"id", "request", "ttl"}
    assert int(item["ttl"]["N"]) > expires_at  # or a deleted item would make a valid token usable again
    for private in (token, KEY["Idempotency-Key"], JOHN, "task-1", "acme"):
        assert private not in str(item)
