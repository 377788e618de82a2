"""Keyed hashes of persons, for keys of the tasks table."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from staff0.person_keys import PersonKeys, derived_key
from staff0.question import Question

from tests.support.approval_fixtures import aws_resources
from tests.support.aws_resources import AwsResources

__all__ = ["aws_resources"]  # a fixture

QUESTION = Question(name="John Doe", email="JDoe@staff0.com")


def test_person_has_the_same_hash_in_any_case_and_by_any_name() -> None:
    keys = PersonKeys(lambda: b"key")
    assert keys.asked(QUESTION) == keys.asked(Question(email="jdoe@staff0.com"))
    assert keys.asked(QUESTION) != keys.asked(Question(email="other@staff0.com"))


def test_hash_needs_the_key() -> None:
    assert PersonKeys(lambda: b"key").asked(QUESTION) != PersonKeys(lambda: b"another").asked(QUESTION)


def test_person_who_was_found_has_a_hash_of_the_same_form() -> None:
    """Otherwise a key would tell whether an address belongs to an employee."""
    keys = PersonKeys(lambda: b"key")
    found = {keys.found("auth0|john", QUESTION), keys.found(None, QUESTION), keys.asked(QUESTION)}
    assert len(found) == 3
    assert {len(each) for each in found} == {64}


def test_key_is_read_once() -> None:
    reads = []

    def read() -> bytes:
        reads.append(1)
        return b"key"

    keys = PersonKeys(read)
    assert reads == []
    keys.asked(QUESTION)
    keys.found(None, QUESTION)
    assert len(reads) == 1


def test_key_that_could_not_be_read_is_read_again() -> None:
    failures = [ClientError({"Error": {"Code": "ThrottlingException"}}, "GenerateMac")]

    def read() -> bytes:
        if failures:
            raise failures.pop()
        return b"key"

    keys = PersonKeys(read)
    with pytest.raises(ClientError):
        keys.asked(QUESTION)
    assert keys.asked(QUESTION) == PersonKeys(lambda: b"key").asked(QUESTION)


def test_key_is_derived_by_kms(aws_resources: AwsResources) -> None:
    first, second = (derived_key(lambda: aws_resources.kms, aws_resources.limits_key) for _ in range(2))
    assert first == second
    assert len(first) == 32
    assert first != derived_key(lambda: aws_resources.kms, aws_resources.pairwise_key)
