"""Signing keys that never leave KMS, as private keys of `cryptography`.

pyjwt and the SDK's card signer use them like any other private key, so every JWS of this system is made the same way:
cards and statements by ES256, webhook notifications and client assertions by RS256 (RFC 7518 3.3, 3.4).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final, Never

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurve,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import load_der_public_key
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from jwt.utils import base64url_encode

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_kms.literals import SigningAlgorithmSpecType

# The members of a JWK that its thumbprint covers (RFC 7638 3.2).
_MEMBERS: Final = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n")}


class KmsPublicKey:
    """The public half of an EC key on P-256 or of an RSA key, fetched from KMS at its first use and then kept.

    `kms` returns the client, and is called once the key is used. All methods raise botocore's ClientError or
    BotoCoreError if KMS fails, and UnsupportedAlgorithm for a key of another kind.
    """

    def __init__(self, kms: Callable[[], KMSClient], key_id: str) -> None:
        self._kms = kms
        self.key_id = key_id

    def public_key(self) -> Any:  # noqa: ANN401 - of either type
        return self._public

    @property
    def kid(self) -> str:
        """The key's SHA-256 thumbprint (RFC 7638)."""
        canonical = json.dumps(self._numbers, separators=(",", ":"), sort_keys=True)
        return base64url_encode(hashlib.sha256(canonical.encode()).digest()).decode()

    @property
    def jwk(self) -> dict[str, str]:
        """The key as a member of a JWKS (RFC 7517 4)."""
        algorithm = "RS256" if isinstance(self._public, RSAPublicKey) else "ES256"
        return {**self._numbers, "use": "sig", "alg": algorithm, "kid": self.kid}

    @cached_property
    def _public(self) -> EllipticCurvePublicKey | RSAPublicKey:
        public = load_der_public_key(self._kms().get_public_key(KeyId=self.key_id)["PublicKey"])
        if isinstance(public, RSAPublicKey) or (
            isinstance(public, EllipticCurvePublicKey) and isinstance(public.curve, SECP256R1)
        ):
            return public
        raise UnsupportedAlgorithm(f"{self.key_id} is neither an RSA key nor an EC key on P-256")

    @property
    def _numbers(self) -> dict[str, str]:
        public = self._public
        if isinstance(public, RSAPublicKey):
            jwk = RSAAlgorithm.to_jwk(public, as_dict=True)
        else:
            jwk = ECAlgorithm.to_jwk(public, as_dict=True)
        return {name: jwk[name] for name in _MEMBERS[jwk["kty"]]}


class _KmsPrivateKey(KmsPublicKey):
    """The base of both private keys. Methods that would read the private key raise UnsupportedAlgorithm."""

    algorithm: ClassVar[str]
    _kms_algorithm: ClassVar[SigningAlgorithmSpecType]

    def _sign_digest(self, data: Any) -> bytes:  # noqa: ANN401 - any buffer
        digest = Hash(SHA256())
        digest.update(data)
        return self._kms().sign(
            KeyId=self.key_id, Message=digest.finalize(), MessageType="DIGEST", SigningAlgorithm=self._kms_algorithm
        )["Signature"]

    def private_numbers(self) -> Never:
        _never_leaves()

    def private_bytes(self, *_: object, **__: object) -> Never:
        _never_leaves()

    def __copy__(self) -> Any:  # noqa: ANN401 - the key's own class
        return self

    def __deepcopy__(self, _memo: object) -> Any:  # noqa: ANN401
        return self


class KmsEcSigningKey(_KmsPrivateKey, EllipticCurvePrivateKey):
    """An ES256 key."""

    algorithm = "ES256"
    _kms_algorithm = "ECDSA_SHA_256"

    def sign(self, data: Any, signature_algorithm: object) -> bytes:  # noqa: ANN401 - any buffer
        """The DER signature of `data`; only its digest is sent. Raises UnsupportedAlgorithm for another hash."""
        if not (isinstance(signature_algorithm, ECDSA) and isinstance(signature_algorithm.algorithm, SHA256)):
            raise UnsupportedAlgorithm("this key signs by ECDSA with SHA-256 only")
        return self._sign_digest(data)

    @property
    def curve(self) -> EllipticCurve:
        return SECP256R1()

    @property
    def key_size(self) -> int:
        return self.curve.key_size

    def exchange(self, *_: object) -> Never:
        _never_leaves()


class KmsRsaSigningKey(_KmsPrivateKey, RSAPrivateKey):
    """An RS256 key."""

    algorithm = "RS256"
    _kms_algorithm = "RSASSA_PKCS1_V1_5_SHA_256"

    def sign(self, data: Any, padding: object, algorithm: object) -> bytes:  # noqa: ANN401 - any buffer
        """The signature of `data`; only its digest is sent. Raises UnsupportedAlgorithm for another hash."""
        if not (isinstance(padding, PKCS1v15) and isinstance(algorithm, SHA256)):
            raise UnsupportedAlgorithm("this key signs by PKCS #1 v1.5 with SHA-256 only")
        return self._sign_digest(data)

    @property
    def key_size(self) -> int:
        """The smallest RSA key of KMS: pyjwt only checks that the key is not too short."""
        return 2_048

    def decrypt(self, *_: object) -> Never:
        _never_leaves()


def _never_leaves() -> Never:
    raise UnsupportedAlgorithm("the private key never leaves KMS")
