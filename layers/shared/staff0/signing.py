"""Signing keys that never leave KMS, as private keys of `cryptography`.

pyjwt and the SDK's card signer use them like any other private key, so every JWS of this system is made the same way:
cards and statements by ES256, webhook notifications by ES384, client assertions by RS256 (RFC 7518 3.3, 3.4).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Never, cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    SECP384R1,
    EllipticCurve,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, Hash, HashAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key
from jwt.algorithms import ECAlgorithm
from jwt.utils import base64url_encode

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_kms.literals import SigningAlgorithmSpecType


@dataclass(frozen=True)
class EcAlgorithm:
    """An ECDSA algorithm: its name in JOSE and in KMS, the curve of its keys and its hash."""

    name: str
    curve: EllipticCurve
    hash: HashAlgorithm
    kms_name: SigningAlgorithmSpecType


ES256: Final = EcAlgorithm("ES256", SECP256R1(), SHA256(), "ECDSA_SHA_256")
ES384: Final = EcAlgorithm("ES384", SECP384R1(), SHA384(), "ECDSA_SHA_384")


class _KmsKey:
    """`kms` returns the client, and is called once the key is used.

    All methods raise botocore's ClientError or BotoCoreError if KMS fails.
    """

    def __init__(self, kms: Callable[[], KMSClient], key_id: str) -> None:
        self._kms = kms
        self.key_id = key_id


class KmsPublicKey(_KmsKey):
    """The public half of an ECDSA key, fetched from KMS at its first use and then kept."""

    def __init__(self, kms: Callable[[], KMSClient], key_id: str, algorithm: EcAlgorithm = ES256) -> None:
        super().__init__(kms, key_id)
        self.algorithm = algorithm

    def public_key(self) -> EllipticCurvePublicKey:
        return self._public

    @property
    def kid(self) -> str:
        """The key's SHA-256 thumbprint (RFC 7638)."""
        members = {name: self._numbers[name] for name in ("crv", "kty", "x", "y")}
        canonical = json.dumps(members, separators=(",", ":"), sort_keys=True)
        return base64url_encode(hashlib.sha256(canonical.encode()).digest()).decode()

    @property
    def jwk(self) -> dict[str, str]:
        """The key as a member of a JWKS (RFC 7517 4)."""
        return {**self._numbers, "use": "sig", "alg": self.algorithm.name, "kid": self.kid}

    @cached_property
    def _public(self) -> EllipticCurvePublicKey:
        answer = self._kms().get_public_key(KeyId=self.key_id)
        return cast("EllipticCurvePublicKey", load_der_public_key(answer["PublicKey"]))

    @property
    def _numbers(self) -> dict[str, str]:
        return ECAlgorithm.to_jwk(self._public, as_dict=True)


class _KmsPrivateKey(_KmsKey):
    """The base of both private keys. Methods that would read the private key raise UnsupportedAlgorithm."""

    def _sign_digest(self, data: Any, algorithm: HashAlgorithm, kms_name: SigningAlgorithmSpecType) -> bytes:  # noqa: ANN401 - any buffer
        digest = Hash(algorithm)
        digest.update(data)
        return self._kms().sign(
            KeyId=self.key_id, Message=digest.finalize(), MessageType="DIGEST", SigningAlgorithm=kms_name
        )["Signature"]

    def private_numbers(self) -> Never:
        _never_leaves()

    def private_bytes(self, *_: object, **__: object) -> Never:
        _never_leaves()

    def __copy__(self) -> Any:  # noqa: ANN401 - the key's own class
        return self

    def __deepcopy__(self, _memo: object) -> Any:  # noqa: ANN401
        return self


class KmsSigningKey(KmsPublicKey, _KmsPrivateKey, EllipticCurvePrivateKey):
    """An ECDSA key."""

    def sign(self, data: Any, signature_algorithm: object) -> bytes:  # noqa: ANN401 - any buffer
        """The DER signature of `data`; only its digest is sent. Raises UnsupportedAlgorithm for another hash."""
        mine = self.algorithm
        if not (isinstance(signature_algorithm, ECDSA) and isinstance(signature_algorithm.algorithm, type(mine.hash))):
            raise UnsupportedAlgorithm(f"this key signs by {mine.name} only")
        return self._sign_digest(data, mine.hash, mine.kms_name)

    @property
    def curve(self) -> EllipticCurve:
        return self.algorithm.curve

    @property
    def key_size(self) -> int:
        return self.curve.key_size

    def exchange(self, *_: object) -> Never:
        _never_leaves()


class KmsRsaSigningKey(_KmsPrivateKey, RSAPrivateKey):
    """An RS256 key. Its public half is not read here: the operator registers it at the identity provider."""

    def sign(self, data: Any, padding: object, algorithm: object) -> bytes:  # noqa: ANN401 - any buffer
        """The signature of `data`; only its digest is sent. Raises UnsupportedAlgorithm for another hash."""
        if not (isinstance(padding, PKCS1v15) and isinstance(algorithm, SHA256)):
            raise UnsupportedAlgorithm("this key signs by PKCS #1 v1.5 with SHA-256 only")
        return self._sign_digest(data, algorithm, "RSASSA_PKCS1_V1_5_SHA_256")

    @property
    def key_size(self) -> int:
        """The smallest RSA key of KMS: pyjwt only checks that the key is not too short."""
        return 2_048

    def public_key(self) -> Never:
        raise UnsupportedAlgorithm("the public half of this key is not read here")

    def decrypt(self, *_: object) -> Never:
        _never_leaves()


def _never_leaves() -> Never:
    raise UnsupportedAlgorithm("the private key never leaves KMS")
