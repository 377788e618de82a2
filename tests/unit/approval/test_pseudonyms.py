"""Pseudonyms of employees, one for each caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from approval.result.pseudonyms import Pseudonyms

from tests.support.approval_workflow import JOHN

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


def new_pseudonyms(kms: KMSClient) -> Pseudonyms:
    key_id = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
    return Pseudonyms(lambda: kms, key_id)


@pytest.fixture
def pseudonyms(kms: KMSClient) -> Pseudonyms:
    return new_pseudonyms(kms)


def test_pseudonym_differs_for_each_caller(pseudonyms: Pseudonyms) -> None:
    first = pseudonyms.pairwise(JOHN, "acme")
    assert pseudonyms.pairwise(JOHN, "acme") == first
    assert len({first, pseudonyms.pairwise(JOHN, "globex"), pseudonyms.pairwise("auth0|jane", "acme")}) == 3


@pytest.mark.parametrize(
    ("one", "other"), [(("ab", "c"), ("a", "bc")), (('a","b', "c"), ("a", 'b","c')), (("", "ab"), ("ab", ""))]
)
def test_parts_of_a_pseudonym_do_not_run_together(
    pseudonyms: Pseudonyms, one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert pseudonyms.pairwise(*one) != pseudonyms.pairwise(*other)


def test_pseudonym_depends_on_the_key(pseudonyms: Pseudonyms, kms: KMSClient) -> None:
    assert new_pseudonyms(kms).pairwise(JOHN, "acme") != pseudonyms.pairwise(JOHN, "acme")


def test_pseudonym_for_auditors_is_not_a_pairwise_one(pseudonyms: Pseudonyms) -> None:
    assert pseudonyms.for_audit(JOHN, "jdoe@staff0.com") == pseudonyms.for_audit(JOHN, "JOHN")
    assert pseudonyms.for_audit(JOHN, "") != pseudonyms.pairwise(JOHN, "audit")


@pytest.mark.parametrize("subject", ["jdoe@staff0.com", JOHN])
def test_no_user_has_the_pseudonym_of_an_unknown_subject(pseudonyms: Pseudonyms, subject: str) -> None:
    """Also at an identity provider whose user ids are addresses."""
    unknown = pseudonyms.for_audit(None, subject)
    assert unknown == pseudonyms.for_audit(None, subject.upper())
    assert unknown != pseudonyms.for_audit(subject, subject)
