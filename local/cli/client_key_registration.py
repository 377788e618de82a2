"""Tells the stand-in which keys our two applications prove themselves by (private_key_jwt), as a person tells Auth0."""

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


def tell(settings: LocalSettings, found: dict[str, str]) -> bool:
    """Whether anything is new to the stand-in, which reads its file at its start. Without keys it takes secrets."""
    told, kms = client_secrets.stand_in_clients(), aws.session().client("kms", endpoint_url=settings.aws_url)
    for name, output in _OUTPUTS.items():
        told[name].pop("jwks", None)
        if settings.has_client_keys:
            told[name]["jwks"] = {"keys": [public_jwk(kms, found[output])]}
    if told == client_secrets.stand_in_clients():
        return False
    write_private(CLIENT_SECRETS, json.dumps(told, indent=2))
    return True


def public_jwk(kms: KMSClient, key: str) -> dict[str, Any]:
    """As a tenant is told of a client's key."""
    public: Any = load_der_public_key(kms.get_public_key(KeyId=key)["PublicKey"])
    return {**RSAAlgorithm.to_jwk(public, as_dict=True), "use": "sig", "alg": "RS256"}
