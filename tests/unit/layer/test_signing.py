"""Signatures by KMS are valid for the published key, and the private key never leaves KMS."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import TYPE_CHECKING

import jwt
import pytest
from a2a.types import AgentCard
from a2a.utils.signing import create_agent_card_signer, create_signature_verifier
from botocore.exceptions import EndpointConnectionError
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from jwt.utils import base64url_encode
from staff0.signing import KmsEcSigningKey, KmsPublicKey, KmsRsaSigningKey

from tests.support.moto_differences import calls, outage

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


@pytest.fixture
def key(kms: KMSClient, signing_key: str) -> KmsEcSigningKey:
    return KmsEcSigningKey(lambda: kms, signing_key)


@pytest.fixture
def rsa_key(kms: KMSClient) -> KmsRsaSigningKey:
    key_id = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    return KmsRsaSigningKey(lambda: kms, key_id)


@pytest.fixture
def public(key: KmsEcSigningKey) -> jwt.PyJWK:
    return jwt.PyJWK(key.jwk)


def test_es256_token_is_valid(key: KmsEcSigningKey, public: jwt.PyJWK) -> None:
    token = jwt.encode({"sub": "employee"}, key, algorithm="ES256", headers={"kid": key.kid})
    assert jwt.decode(token, public, algorithms=["ES256"]) == {"sub": "employee"}
    assert jwt.get_unverified_header(token)["kid"] == public.key_id


def test_rs256_token_is_valid(rsa_key: KmsRsaSigningKey) -> None:
    token = jwt.encode({"sub": "client"}, rsa_key, algorithm="RS256", headers={"kid": rsa_key.kid})
    assert jwt.decode(token, jwt.PyJWK(rsa_key.jwk), algorithms=["RS256"]) == {"sub": "client"}


def test_signing_alone_does_not_read_the_public_half(kms: KMSClient, rsa_key: KmsRsaSigningKey) -> None:
    """The roles that sign client assertions may not read it."""
    operations = calls(kms)
    jwt.encode({"sub": "client"}, rsa_key, algorithm="RS256")
    assert "GetPublicKey" not in operations


def test_rsa_key_only_signs(rsa_key: KmsRsaSigningKey) -> None:
    for method in (rsa_key.private_numbers, rsa_key.private_bytes, rsa_key.decrypt):
        with pytest.raises(UnsupportedAlgorithm, match="never leaves"):
            method()
    assert copy.copy(rsa_key) is copy.deepcopy(rsa_key) is rsa_key
    for padding, algorithm in ((PKCS1v15(), SHA384()), (None, SHA256())):
        with pytest.raises(UnsupportedAlgorithm):
            rsa_key.sign(b"data", padding, algorithm)


def test_sdk_verifies_signed_card(key: KmsEcSigningKey, public: jwt.PyJWK) -> None:
    sign = create_agent_card_signer(key, {"alg": "ES256", "kid": key.kid, "jku": None, "typ": "JOSE"})  # type: ignore[arg-type]
    card = sign(AgentCard(name="Staff0 HR Agent", description="ü"))
    create_signature_verifier(lambda _kid, _jku: public, ["ES256"])(card)


def test_kid_is_thumbprint(key: KmsEcSigningKey, rsa_key: KmsRsaSigningKey) -> None:
    for signer, members in ((key, ("crv", "kty", "x", "y")), (rsa_key, ("e", "kty", "n"))):
        canonical = json.dumps({name: signer.jwk[name] for name in members}, separators=(",", ":"))
        assert signer.kid == base64url_encode(hashlib.sha256(canonical.encode()).digest()).decode()
        assert set(signer.jwk) == {*members, "use", "alg", "kid"}
    assert (key.jwk["use"], key.jwk["alg"], key.jwk["crv"]) == ("sig", "ES256", "P-256")
    assert (rsa_key.jwk["use"], rsa_key.jwk["alg"], rsa_key.jwk["kty"]) == ("sig", "RS256", "RSA")


def test_key_on_another_curve_is_not_published(kms: KMSClient) -> None:
    """The JWKS would name an algorithm that is not the key's."""
    key_id = kms.create_key(KeySpec="ECC_NIST_P384", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    with pytest.raises(UnsupportedAlgorithm, match="P-256"):
        assert KmsPublicKey(lambda: kms, key_id).jwk


def test_public_key_is_fetched_once_and_lazily(kms: KMSClient, signing_key: str) -> None:
    operations = calls(kms)
    key = KmsPublicKey(lambda: kms, signing_key)
    assert operations == []
    assert key.kid == key.jwk["kid"]
    assert operations == ["GetPublicKey"]


def test_public_key_is_fetched_again_after_outage(kms: KMSClient, signing_key: str) -> None:
    key = KmsPublicKey(lambda: kms, signing_key)
    with outage(kms), pytest.raises(EndpointConnectionError):
        key.public_key()
    assert key.public_key()


def test_disabled_key_does_not_sign(kms: KMSClient, key: KmsEcSigningKey) -> None:
    kms.disable_key(KeyId=key.key_id)
    with pytest.raises(kms.exceptions.DisabledException):
        key.sign(b"data", ec.ECDSA(SHA256()))


def test_private_key_never_leaves_kms(key: KmsEcSigningKey) -> None:
    for secret in (key.private_numbers, key.private_bytes, key.exchange):
        with pytest.raises(UnsupportedAlgorithm, match="never leaves"):
            secret()
    with pytest.raises(UnsupportedAlgorithm):
        jwt.algorithms.ECAlgorithm.to_jwk(key)
    assert copy.copy(key) is copy.deepcopy(key) is key


@pytest.mark.parametrize("algorithm", [ec.ECDSA(SHA384()), ec.ECDSA(utils.Prehashed(SHA384())), "ES256"])
def test_other_hash_is_refused(key: KmsEcSigningKey, algorithm: object) -> None:
    with pytest.raises(UnsupportedAlgorithm):
        key.sign(b"data", algorithm)
