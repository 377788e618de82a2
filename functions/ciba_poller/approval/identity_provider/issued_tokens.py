"""Verifies the tokens that the identity provider issues for an approval."""

import hashlib
from datetime import UTC, datetime

from staff0.auth import ACCESS_TOKEN_TYPES, ID_TOKEN_TYPES, Claims, SigningKeys, TokenVerifier
from staff0.authorization_details import DisclosureFormat
from staff0.errors import (
    InvalidAuthorizationDetails,
    InvalidToken,
    KeysUnavailable,
    TokenRejected,
    UntrustedSignature,
)

from approval.identity_provider.requested_consent import RequestedConsent
from approval.identity_provider.token_response import IssuedTokens, VerifiedToken


class IssuedTokensVerifier:
    """Accepts tokens of one issuer for one of our clients and one audience."""

    def __init__(
        self, issuer: str, client_id: str, audience: str, keys: SigningKeys, disclosures: DisclosureFormat
    ) -> None:
        self._client_id = client_id
        self._keys = keys
        self._disclosures = disclosures
        self._access_tokens = TokenVerifier(issuer, audience, keys, ACCESS_TOKEN_TYPES)
        self._id_tokens = TokenVerifier(issuer, client_id, keys, ID_TOKEN_TYPES)

    def verify(self, tokens: IssuedTokens, consent: RequestedConsent) -> VerifiedToken:
        """The access token, if both tokens are for this employee and the access token is what we asked for.

        The employee may have agreed to fewer facts, where the identity provider offers that (RFC 9396 7).

        CIBA Core 10.1.1 requires the validation of the ID token. Raises TokenRejected, which says what check failed,
        and KeysUnavailable when the issuer's key is not known yet: verify the same tokens again later.
        """
        try:
            identity, access = self._claims(tokens)
        except UntrustedSignature:
            raise KeysUnavailable("the issuer has not published the key of its tokens yet") from None
        except InvalidToken as error:
            raise TokenRejected(str(error)) from None
        checks = {
            "the ID token is for another employee": identity.subject == consent.sub,
            "the ID token is another client's": identity.is_authorized_party(self._client_id),
            "the access token is for another employee": access.subject == consent.sub,
            "the access token is a client's": not access.is_machine,
            "the access token is another client's": access.client_id == self._client_id,
            "the access token is for another actor": not access.actors - {self._client_id},
            **{f"the access token lacks {scope}": scope in access.scopes for scope in consent.scopes},
        }
        failed = [message for message, holds in checks.items() if not holds]
        if failed:
            raise TokenRejected("; ".join(failed))
        return VerifiedToken(
            tokens.access_token,
            datetime.fromtimestamp(access.expires_at, UTC),
            self._granted_facts(access, consent),
            hashlib.sha256(access.token_id.encode()).hexdigest() if access.token_id else None,
        )

    def _granted_facts(self, access: Claims, consent: RequestedConsent) -> tuple[str, ...] | None:
        """Raises TokenRejected unless the authorization details are the requested ones, or fewer facts of them."""
        if consent.disclosure is None:
            return None
        try:
            granted = self._disclosures.read(access.authorization_details)
        except InvalidAuthorizationDetails as error:
            raise TokenRejected(f"the access token: {error}") from None
        if not granted.is_part_of(consent.disclosure):
            raise TokenRejected("the access token's authorization details are not the requested ones")
        return granted.facts

    def _claims(self, tokens: IssuedTokens) -> tuple[Claims, Claims]:
        """The claims of the ID token and of the access token, with fresh keys if a cached key does not fit.

        The tokens came from the issuer itself, so no stranger decides how often its keys are fetched.
        """
        try:
            return self._verify_both(tokens)
        except UntrustedSignature:
            self._keys.refresh()
            return self._verify_both(tokens)

    def _verify_both(self, tokens: IssuedTokens) -> tuple[Claims, Claims]:
        identity = self._id_tokens.verify(tokens.id_token.get_secret_value())
        return identity, self._access_tokens.verify(tokens.access_token.get_secret_value())
