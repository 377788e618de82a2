"""Registers the public keys of our two applications (private_key_jwt) with the stand-in identity provider.

With Auth0 an operator registers them by hand.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.serialization import load_der_public_key
from jwt.algorithms import RSAAlgorithm

from local.cli import aws, client_secrets
from local.cli.paths import CLIENT_SECRETS
from local.cli.private_files import write_private

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

    from local.cli.settings import LocalSettings

_OUTPUTS: Final = {client_secrets.HR_AGENT: "CibaClientKeyArn", client_secrets.DIRECTORY: "DirectoryClientKeyArn"}


def register_client_keys(settings: LocalSettings, outputs: dict[str, str]) -> bool:
    """Writes the keys to the stand-in's file of clients, or removes them when clients authenticate with secrets.

    Returns whether the file has changed. The stand-in reads it at its start only, so it must then be restarted.
    """
    clients, kms = client_secrets.stand_in_clients(), aws.session().client("kms", endpoint_url=settings.aws_url)
    for name, output in _OUTPUTS.items():
        clients[name].pop("jwks", None)
        if settings.has_client_keys:
            clients[name]["jwks"] = {"keys": [public_jwk(kms, outputs[output])]}
    if clients == client_secrets.stand_in_clients():
        return False
    write_private(CLIENT_SECRETS, json.dumps(clients, indent=2))
    return True


def public_jwk(kms: KMSClient, key: str) -> dict[str, Any]:
    """Public key of a KMS key as a JWK for RS256 signatures (RFC 7517)."""
    public: Any = load_der_public_key(kms.get_public_key(KeyId=key)["PublicKey"])
    return {**RSAAlgorithm.to_jwk(public, as_dict=True), "use": "sig", "alg": "RS256"}
