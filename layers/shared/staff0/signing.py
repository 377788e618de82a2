"""ES256 keys that never leave KMS (RFC 7518 3.4). pyjwt and the SDK's card signer use them like any private key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Never, cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from jwt.algorithms import ECAlgorithm
from jwt.utils import base64url_encode

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

ALGORITHM: Final = "ES256"


class KmsPublicKey:
    """The public half, fetched once and not before it is needed. An outage of KMS comes out as botocore's own error.

    `kms` gives the client: making one costs a cold start, and many never need it.
    """

    def __init__(self, kms: Callable[[], KMSClient], key_id: str) -> None:
        self._kms = kms
        self.key_id = key_id

    def public_key(self) -> EllipticCurvePublicKey:
        return self._public

    @property
    def kid(self) -> str:
        """The key's thumbprint (RFC 7638): whoever has the key can tell its name."""
        members = {name: self._numbers[name] for name in ("crv", "kty", "x", "y")}
        canonical = json.dumps(members, separators=(",", ":"), sort_keys=True)
        return base64url_encode(hashlib.sha256(canonical.encode()).digest()).decode()

    @property
    def jwk(self) -> dict[str, str]:
        """For a JWKS (RFC 7517 4)."""
        return {**self._numbers, "use": "sig", "alg": ALGORITHM, "kid": self.kid}

    @cached_property
    def _public(self) -> EllipticCurvePublicKey:
        answer = self._kms().get_public_key(KeyId=self.key_id)
        return cast("EllipticCurvePublicKey", load_der_public_key(answer["PublicKey"]))

    @property
    def _numbers(self) -> dict[str, str]:
        return ECAlgorithm.to_jwk(self._public, as_dict=True)


class KmsSigningKey(KmsPublicKey, EllipticCurvePrivateKey):
    """A private key that signs and shows nothing: only KMS has it."""

    def sign(self, data: Any, signature_algorithm: object) -> bytes:  # noqa: ANN401 - any buffer
        """The DER signature of `data`. Only the digest travels to KMS. Raises UnsupportedAlgorithm for another hash."""
        if not (isinstance(signature_algorithm, ECDSA) and isinstance(signature_algorithm.algorithm, SHA256)):
            raise UnsupportedAlgorithm("this key signs by ECDSA with SHA-256 only")
        return self._kms().sign(
            KeyId=self.key_id,
            Message=hashlib.sha256(data).digest(),
            MessageType="DIGEST",
            SigningAlgorithm="ECDSA_SHA_256",
        )["Signature"]

    @property
    def curve(self) -> SECP256R1:
        return SECP256R1()

    @property
    def key_size(self) -> int:
        return self.curve.key_size

    def exchange(self, *_: object) -> Never:
        _never_leaves()

    def private_numbers(self) -> Never:
        _never_leaves()

    def private_bytes(self, *_: object, **__: object) -> Never:
        _never_leaves()

    def __copy__(self) -> KmsSigningKey:
        return self

    def __deepcopy__(self, _memo: object) -> KmsSigningKey:
        return self


def _never_leaves() -> Never:
    raise UnsupportedAlgorithm("the private key never leaves KMS")
